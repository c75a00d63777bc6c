package org.alcove.api.guard;

import org.alcove.api.worker.GenerationEvent;
import org.osgi.annotation.versioning.ProviderType;

/** Shows one answer to the guards that watch it. Used by the thread that reads the answer. */
@ProviderType
public interface Vigil {

    /** Nobody watches. */
    Vigil NONE = event -> event;

    /**
     * Shows the next event.
     *
     * @return the event; or, where the answer ends here, {@link GenerationEvent.Finished} or {@link GenerationEvent.Failed} in
     *         its stead: then its reader closes the generation
     */
    GenerationEvent see(GenerationEvent event);
}
