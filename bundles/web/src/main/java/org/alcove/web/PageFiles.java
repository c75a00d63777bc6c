package org.alcove.web;

import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.regex.Pattern;

/**
 * The files of a bundle's pages: those in a folder beside a class of the bundle, and the shared ones below {@code shared/}. They
 * are public and the same for everybody. Each is read, hashed and compressed once.
 *
 * <p>A browser asks for a file each time and is answered without a body where it has it already: after an update nobody mixes old
 * files with new ones.
 */
public final class PageFiles {

    private static final String SHARED = "shared/";
    private static final Pattern NAME = Pattern.compile("(?:[a-z0-9-]+/)*[a-z0-9]+(?:[.-][a-z0-9]+)*");
    private static final Map<String, String> TYPES = Map.of(
            "html", "text/html; charset=utf-8", "js", "text/javascript; charset=utf-8", "mjs", "text/javascript; charset=utf-8",
            "css", "text/css; charset=utf-8", "svg", "image/svg+xml", "json", "application/json",
            "woff2", "font/woff2", "txt", "text/plain; charset=utf-8");

    private final Class<?> owner;
    private final String folder;
    private final PagePolicy policy;
    private final ConcurrentMap<String, PageFile> read = new ConcurrentHashMap<>();

    /**
     * Files beside a class.
     *
     * @param folder name of the folder, with a slash at its end
     */
    public PageFiles(Class<?> owner, String folder, PagePolicy policy) {
        this.owner = owner;
        this.folder = folder;
        this.policy = policy;
    }

    /** Answers GET or HEAD with a file, or 404 where there is none of this name. */
    public void serve(String name, HttpServletRequest request, HttpServletResponse response) throws IOException {
        policy.apply(response);
        response.setHeader("Vary", "Accept-Encoding");
        Optional<PageFile> file = file(name);
        if (file.isEmpty()) {
            response.setStatus(HttpServletResponse.SC_NOT_FOUND);
            response.setHeader("Cache-Control", "no-store");
            write(request, response, "text/plain; charset=utf-8", "There is no such page.\n".getBytes(StandardCharsets.UTF_8));
            return;
        }
        boolean compressed = file.get().isSmallerCompressed() && accepts(request, "gzip");
        String tag = file.get().tag(compressed);
        response.setHeader("ETag", tag);
        response.setHeader("Cache-Control", "no-cache");
        if (knows(request, tag)) {
            response.setStatus(HttpServletResponse.SC_NOT_MODIFIED);
            return;
        }
        if (compressed) {
            response.setHeader("Content-Encoding", "gzip");
        }
        write(request, response, TYPES.get(ending(name)), file.get().bytes(compressed));
    }

    private Optional<PageFile> file(String name) throws IOException {
        if (!NAME.matcher(name).matches() || !TYPES.containsKey(ending(name))) {
            return Optional.empty();
        }
        PageFile known = read.get(name);
        if (known != null) {
            return Optional.of(known);
        }
        try (InputStream in = name.startsWith(SHARED) ? PageFiles.class.getResourceAsStream(name.substring(SHARED.length()))
                : owner.getResourceAsStream(folder + name)) {
            if (in == null) {
                return Optional.empty();
            }
            return Optional.of(read.computeIfAbsent(name, PageFile.reader(in.readAllBytes())));
        }
    }

    private static String ending(String name) {
        return name.substring(name.lastIndexOf('.') + 1);
    }

    private static boolean knows(HttpServletRequest request, String tag) {
        String known = request.getHeader("If-None-Match");
        return known != null && Arrays.stream(known.split(",")).map(String::strip)
                .anyMatch(it -> it.equals("*") || it.equals(tag) || it.equals("W/" + tag));
    }

    private static boolean accepts(HttpServletRequest request, String coding) {
        String accepted = request.getHeader("Accept-Encoding");
        return accepted != null && Arrays.stream(accepted.split(",")).map(it -> it.replace(" ", ""))
                .anyMatch(it -> it.equals(coding) || it.startsWith(coding + ";") && !it.matches(".*;q=0(\\.0*)?"));
    }

    private static void write(HttpServletRequest request, HttpServletResponse response, String type, byte[] bytes)
            throws IOException {
        response.setContentType(type);
        response.setContentLength(bytes.length);
        if (!request.getMethod().equals("HEAD")) {
            response.getOutputStream().write(bytes);
        }
    }
}
