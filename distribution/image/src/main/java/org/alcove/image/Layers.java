package org.alcove.image;

import com.google.cloud.tools.jib.api.buildplan.AbsoluteUnixPath;
import com.google.cloud.tools.jib.api.buildplan.FileEntriesLayer;
import com.google.cloud.tools.jib.api.buildplan.FilePermissions;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/** What lies where in the image. All files have one time and belong to root, so that the server cannot change them. */
final class Layers {

    /** Who the server runs as; a number, because Kubernetes can tell from it that it is not root. */
    static final String USER = "10001";
    static final String HOME = "/opt/alcove";
    static final String JAVA = "/opt/java";

    private static final Instant TIME = Instant.EPOCH;
    private static final FilePermissions PROGRAM = FilePermissions.fromOctalString("755");
    private static final FilePermissions FILE = FilePermissions.fromOctalString("644");
    private static final String LIBRARIES = "/lib/x86_64-linux-gnu/";

    /** Of Debian's C library what Java and our own native code load, and what they load in turn. */
    private static final List<String> SHARED = List.of("libc.so.6", "libm.so.6", "libdl.so.2", "libpthread.so.0", "librt.so.1",
            "libresolv.so.2", "libnss_dns.so.2", "libnss_files.so.2", "libgcc_s.so.1");

    /** Not in the image: models come by volume, and a cache of loaded classes fits one JDK and is never the same twice. */
    private static final Set<String> LEFT_OUT = Set.of("models", "alcove", ".built", "lib/alcove.aot");

    private Layers() {
    }

    /** The C library, who is who, and the folders that are there to be written or mounted over. */
    static FileEntriesLayer debian(Path root, Path made) throws IOException {
        FileEntriesLayer.Builder layer = FileEntriesLayer.builder().setName("debian");
        add(layer, root.resolve("lib64/ld-linux-x86-64.so.2"), "/lib64/ld-linux-x86-64.so.2", PROGRAM);
        for (String name : SHARED) {
            add(layer, root.resolve(LIBRARIES.substring(1)).resolve(name), LIBRARIES + name, PROGRAM);
        }
        add(layer, root.resolve("usr/lib/os-release"), "/etc/os-release", FILE);
        add(layer, root.resolve("etc/debian_version"), "/etc/debian_version", FILE);
        addFolder(layer, root.resolve("var/lib/dpkg/status.d"), "/var/lib/dpkg/status.d");
        for (String name : List.of("base-files", "libc6", "libgcc-s1", "gcc-12-base")) {
            Path copyright = root.resolve("usr/share/doc").resolve(name).resolve("copyright");
            if (Files.isRegularFile(copyright)) {
                add(layer, copyright, "/usr/share/doc/" + name + "/copyright", FILE);
            }
        }
        add(layer, write(made, "passwd", "root:x:0:0:root:/:/nonexistent\nalcove:x:" + USER + ":" + USER
                + ":Alcove:/data:/nonexistent\n"), "/etc/passwd", FILE);
        add(layer, write(made, "group", "root:x:0:\nalcove:x:" + USER + ":\n"), "/etc/group", FILE);
        add(layer, write(made, "nsswitch.conf", "passwd: files\ngroup: files\nhosts: files dns\n"), "/etc/nsswitch.conf", FILE);
        Path empty = Files.createDirectories(made.resolve("empty"));
        addDirectory(layer, empty, "/data", "755", USER + ":" + USER);
        addDirectory(layer, empty, "/models", "755", "");
        addDirectory(layer, empty, "/tmp", "777", "");
        return layer.build();
    }

    /** The Java runtime. */
    static FileEntriesLayer java(Path runtime) throws IOException {
        FileEntriesLayer.Builder layer = FileEntriesLayer.builder().setName("java");
        addFolder(layer, runtime, JAVA);
        return layer.build();
    }

    /** The distribution: its libraries, which change seldom, in one layer, and what is Alcove's own in another. */
    static List<FileEntriesLayer> alcove(Path home, Path bom) throws IOException {
        FileEntriesLayer.Builder others = FileEntriesLayer.builder().setName("libraries");
        FileEntriesLayer.Builder own = FileEntriesLayer.builder().setName("alcove");
        for (Path file : files(home)) {
            String name = home.relativize(file).toString();
            if (LEFT_OUT.contains(name) || LEFT_OUT.contains(name.split("/")[0])) {
                continue;
            }
            boolean ours = !name.startsWith("lib/") && !name.startsWith("system/") || name.startsWith("system/20/")
                    || name.equals("system/01/shell.jar") || name.equals("lib/launcher.jar") || name.endsWith(".flags");
            add(ours ? own : others, file, HOME + "/" + name, FILE);
        }
        add(own, bom, HOME + "/sbom.cdx.json", FILE);
        return List.of(others.build(), own.build());
    }

    private static Path write(Path folder, String name, String text) throws IOException {
        return Files.writeString(Files.createDirectories(folder).resolve(name), text);
    }

    private static void addFolder(FileEntriesLayer.Builder layer, Path folder, String at) throws IOException {
        for (Path file : files(folder)) {
            add(layer, file, at + "/" + folder.relativize(file), Files.isExecutable(file) ? PROGRAM : FILE);
        }
    }

    /** Links are followed: what a link means is put in its place. */
    private static void add(FileEntriesLayer.Builder layer, Path file, String at, FilePermissions permissions)
            throws IOException {
        layer.addEntry(file.toRealPath(), AbsoluteUnixPath.get(at), permissions, TIME);
    }

    private static void addDirectory(FileEntriesLayer.Builder layer, Path empty, String at, String mode, String owner) {
        layer.addEntry(empty, AbsoluteUnixPath.get(at), FilePermissions.fromOctalString(mode), TIME, owner);
    }

    /** Sorted, because the order of a folder is the file system's, and the image is to be the same everywhere. */
    private static List<Path> files(Path folder) throws IOException {
        try (Stream<Path> all = Files.walk(folder)) {
            return all.filter(Files::isRegularFile).sorted().toList();
        }
    }
}
