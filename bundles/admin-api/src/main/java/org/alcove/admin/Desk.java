package org.alcove.admin;

import java.util.List;

/** Some part of the administration. A service of this bundle alone; a desk whose room is not there simply is not open. */
interface Desk {

    /** What it can be asked; the same at every call. */
    List<Route> routes();
}
