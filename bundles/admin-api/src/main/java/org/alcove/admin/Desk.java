package org.alcove.admin;

import java.util.List;
import java.util.Optional;

/** Some part of the administration. A service of this bundle alone; a desk whose room is not there simply is not open. */
interface Desk {

    /** What it can be asked; the same at every call. */
    List<Route> routes();

    /** Why nobody may ask this, at whichever desk it is asked; empty where this desk has nothing against it. */
    default Optional<AdminException> refusal(Route route) {
        return Optional.empty();
    }
}
