package org.alcove.image;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.Stream;

/**
 * Fetches packages by apt, which checks them by Debian's signatures, and unpacks them by dpkg.
 *
 * @param work folder for archives and what is in them
 */
record DebianArchive(Path work) {

    /**
     * Fetches and unpacks exactly these packages.
     *
     * @return the folder they are unpacked in
     * @throws ImageException if Debian no longer has one of them, or has another under its name and version
     */
    Path unpack(List<DebianPackage> packages) throws IOException, ImageException, InterruptedException {
        Path root = Files.createDirectories(work.resolve("debian"));
        for (DebianPackage wanted : packages) {
            Path archive = fetch(wanted.name() + "=" + wanted.version(), wanted.name());
            String found = sha256(archive);
            if (!found.equals(wanted.sha256())) {
                throw new ImageException(archive.getFileName() + " has the SHA-256 " + found + ", but " + wanted.sha256()
                        + " is locked; see distribution/image/packages.lock");
            }
            Tool.run(work, List.of("dpkg-deb", "--extract", archive.toString(), root.toString()));
            Path status = root.resolve("var/lib/dpkg/status.d");
            Files.createDirectories(status);
            Files.writeString(status.resolve(wanted.name()), Tool.run(work, List.of("dpkg-deb", "--field", archive.toString())));
        }
        return root;
    }

    /** The versions that Debian has now, whichever were downloaded when somebody asked before. */
    PackageLock current(PackageLock locked) throws IOException, ImageException, InterruptedException {
        List<DebianPackage> now = new ArrayList<>();
        for (DebianPackage it : locked.packages()) {
            for (Path earlier : archives(folder(it.name()))) {
                Files.delete(earlier);
            }
            Path archive = fetch(it.name(), it.name());
            String version = Tool.run(work, List.of("dpkg-deb", "--field", archive.toString(), "Version")).strip();
            now.add(new DebianPackage(it.name(), version, sha256(archive)));
        }
        return new PackageLock(List.copyOf(now));
    }

    private Path fetch(String asked, String name) throws IOException, ImageException, InterruptedException {
        Path folder = folder(asked);
        List<Path> there = archives(folder);
        if (there.isEmpty()) {
            try {
                Tool.run(folder, List.of("apt-get", "-q", "download", asked));
            } catch (ImageException refused) {
                throw new ImageException("Debian's package " + asked + " cannot be had. If its list of packages is old or absent:"
                        + " apt-get update. If Debian has a newer version: ./alcove image --update-packages takes it into"
                        + " distribution/image/packages.lock.\n" + refused.getMessage());
            }
            there = archives(folder);
        }
        if (there.size() != 1) {
            throw new ImageException(folder + " holds " + there.size() + " archives of " + name + " instead of 1; delete it");
        }
        return there.getFirst();
    }

    private Path folder(String asked) throws IOException {
        return Files.createDirectories(work.resolve("archives").resolve(asked.replace(':', '_')));
    }

    private static List<Path> archives(Path folder) throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.filter(file -> file.toString().endsWith(".deb")).toList();
        }
    }

    static String sha256(Path file) throws IOException {
        try (DigestInputStream in = new DigestInputStream(Files.newInputStream(file), MessageDigest.getInstance("SHA-256"))) {
            in.transferTo(OutputStream.nullOutputStream());
            return HexFormat.of().formatHex(in.getMessageDigest().digest());
        } catch (NoSuchAlgorithmException absent) {
            throw new IllegalStateException("every Java has SHA-256", absent);
        }
    }
}
