package org.alcove.commandline;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;

/** Says what is in the way of a file, and what to do. What the system says is often the file's path alone, or all but that. */
public final class FileFailure extends FileSystemException {

    private static final long serialVersionUID = 1L;
    private static final String NO_ROOM = "No space left on device";

    private FileFailure(String words, IOException cause) {
        super(null, null, words);
        initCause(cause);
    }

    /** Words for a failure that names its file. */
    static FileFailure of(FileSystemException failure) {
        return of(Path.of(failure.getFile()), failure, "");
    }

    /**
     * Words for a failure to write a file, which may not name it.
     *
     * @param file as the user knows it
     * @param sizes how much room it takes and there is, in parentheses; empty where that is not known
     */
    public static FileFailure of(Path file, IOException failure, String sizes) {
        if (failure instanceof FileFailure told) {
            return told;
        }
        return new FileFailure(switch (failure) {
            case NoSuchFileException gone when file.getParent() != null && !Files.isDirectory(file.getParent()) -> file
                    + ": there is no folder " + file.getParent() + "; make it first or choose another place";
            case NoSuchFileException gone -> "there is no file " + file + "; see how it is spelled";
            case FileAlreadyExistsException there -> file + " exists already; delete it or choose another name";
            case AccessDeniedException denied -> file
                    + " cannot be read or written by this account; allow it or choose another place";
            default -> file + reason(failure, sizes);
        }, failure);
    }

    private static String reason(IOException failure, String sizes) {
        String reason = failure instanceof FileSystemException named ? named.getReason() : failure.getMessage();
        if (NO_ROOM.equals(reason)) {
            return " cannot be written: no space is left on its disk" + (sizes.isEmpty() ? "" : " " + sizes)
                    + "; make room or choose another place";
        }
        return (failure instanceof FileSystemException ? ": " : " cannot be written: ") + (reason == null ? failure : reason);
    }
}
