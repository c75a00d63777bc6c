package org.alcove.image;

import com.google.cloud.tools.jib.api.CacheDirectoryCreationException;
import com.google.cloud.tools.jib.api.Containerizer;
import com.google.cloud.tools.jib.api.InvalidImageReferenceException;
import com.google.cloud.tools.jib.api.Jib;
import com.google.cloud.tools.jib.api.JibContainer;
import com.google.cloud.tools.jib.api.JibContainerBuilder;
import com.google.cloud.tools.jib.api.RegistryException;
import com.google.cloud.tools.jib.api.TarImage;
import com.google.cloud.tools.jib.api.buildplan.AbsoluteUnixPath;
import com.google.cloud.tools.jib.api.buildplan.ImageFormat;
import com.google.cloud.tools.jib.api.buildplan.Platform;
import com.google.cloud.tools.jib.api.buildplan.Port;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ExecutionException;

/** The program behind {@code ./alcove image}. */
public final class ImageBuild {

    /** How the image is called until somebody gives it another name in a registry. */
    static final String NAME = "alcove:0.1.0";

    private static final int FAILED = 1;
    private static final double MEGA = 1e6;

    private ImageBuild() {
    }

    /** Writes the archive and says its digest. */
    public static void main(String[] words) throws InterruptedException {
        try {
            Arguments arguments = Arguments.parse(List.of(words));
            String digest = build(arguments);
            System.out.printf("%s: %.0f MB, %s, OCI, %s%n", arguments.out(), Files.size(arguments.out()) / MEGA, NAME, digest);
        } catch (ImageException | IOException failure) {
            System.err.println("alcove: " + failure.getMessage());
            System.exit(FAILED);
        }
    }

    /** Returns the digest of the image's manifest. */
    static String build(Arguments arguments) throws IOException, ImageException, InterruptedException {
        Files.createDirectories(arguments.work());
        List<DebianPackage> packages = packages(arguments);
        Path debian = new DebianArchive(arguments.work()).unpack(packages);
        Path runtime = arguments.work().resolve("java");
        JavaRuntime.link(runtime);
        Path bill = arguments.work().resolve(BillOfMaterials.NAME);
        BillOfMaterials.write(arguments.home(), packages, bill);
        Path made = arguments.work().resolve("made");
        try {
            JibContainerBuilder image = Jib.fromScratch().setFormat(ImageFormat.OCI).setCreationTime(Instant.EPOCH)
                    .setPlatforms(Set.of(new Platform("amd64", "linux"))).setUser(Layers.USER + ":" + Layers.USER)
                    .setWorkingDirectory(AbsoluteUnixPath.get(Layers.HOME)).setEntrypoint(entryPoint())
                    .setProgramArguments("all").addEnvironmentVariable("XDG_DATA_HOME", "/data")
                    .setExposedPorts(Port.tcp(8080), Port.tcp(21001), Port.tcp(21002))
                    .addVolume(AbsoluteUnixPath.get("/data"))
                    .addLabel("org.opencontainers.image.title", "Alcove")
                    .addLabel("org.opencontainers.image.licenses", "Apache-2.0");
            image.addFileEntriesLayer(Layers.debian(debian, made)).addFileEntriesLayer(Layers.java(runtime));
            Layers.alcove(arguments.home(), bill).forEach(image::addFileEntriesLayer);
            return write(image, arguments).getDigest().toString();
        } catch (InvalidImageReferenceException impossible) {
            throw new IllegalStateException(NAME, impossible);
        }
    }

    private static List<DebianPackage> packages(Arguments arguments) throws IOException, ImageException, InterruptedException {
        PackageLock locked = PackageLock.read(arguments.lock());
        if (arguments.packages() == Arguments.Packages.LOCKED) {
            return locked.packages();
        }
        PackageLock current = new DebianArchive(arguments.work()).current(locked);
        if (arguments.packages() == Arguments.Packages.UPDATED) {
            current.write(arguments.lock());
        } else if (!current.equals(locked)) {
            System.err.println("alcove: NOT the locked packages of Debian but its current ones: " + current.packages());
        }
        return current.packages();
    }

    /** The same flags as {@code ./alcove} gives, from the same files. No shell is needed, and none is there. */
    static List<String> entryPoint() {
        return List.of(Layers.JAVA + "/bin/java", "@" + Layers.HOME + "/lib/java.flags",
                "@" + Layers.HOME + "/lib/serving.flags", "-Dalcove.home=" + Layers.HOME, "-jar",
                Layers.HOME + "/lib/launcher.jar");
    }

    private static JibContainer write(JibContainerBuilder image, Arguments arguments)
            throws IOException, ImageException, InterruptedException, InvalidImageReferenceException {
        Path cache = arguments.work().resolve("cache");
        Path unfinished = arguments.out().resolveSibling(arguments.out().getFileName() + ".part");
        try {
            JibContainer container = image.containerize(Containerizer.to(TarImage.at(unfinished).named(NAME)).setOfflineMode(true)
                    .setToolName("alcove").setApplicationLayersCache(cache).setBaseImageLayersCache(cache));
            Files.move(unfinished, arguments.out(), StandardCopyOption.REPLACE_EXISTING);
            return container;
        } catch (ExecutionException | RegistryException
                | CacheDirectoryCreationException failure) {
            throw new ImageException("the image cannot be put together: " + failure.getMessage());
        } finally {
            Files.deleteIfExists(unfinished);
        }
    }
}
