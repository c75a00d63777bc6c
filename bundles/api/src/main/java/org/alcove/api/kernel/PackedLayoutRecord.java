package org.alcove.api.kernel;

import java.util.List;

record PackedLayoutRecord(String format, String name, int groupSize, List<Plane> planes) implements PackedLayout {
}
