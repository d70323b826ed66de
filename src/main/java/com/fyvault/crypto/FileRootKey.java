package com.fyvault.crypto;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.Base64;
import java.util.EnumSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// A root key in a file of its own: 32 bytes, raw or in base64, that only the owner can read.
///
/// Protects from whoever has the database, not from whoever is on the node. Keep the file off the database's disk and
/// out of its backups.
public final class FileRootKey {
    /// Longer than any form of the key, shorter than a mistake.
    private static final int FILE_LIMIT = 256;

    private static final FileAttribute<Set<PosixFilePermission>> OWNER_ONLY =
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"));
    private static final Set<PosixFilePermission> OWNERS = EnumSet.of(
            PosixFilePermission.OWNER_READ, PosixFilePermission.OWNER_WRITE, PosixFilePermission.OWNER_EXECUTE);

    private FileRootKey() {}

    /// @throws RootKeyRefused when the file is missing, readable by others, or holds no key
    public static RootKeySource load(Path file, SecureRandom random) {
        requireOwnerOnly(file);
        byte[] content = read(file);
        try {
            byte[] key = content.length == LocalRootKey.LENGTH ? content : decode(content);
            if (key == null || key.length != LocalRootKey.LENGTH) {
                throw new RootKeyRefused(file + " holds no root key: 32 bytes, raw or in base64, are wanted");
            }
            return new LocalRootKey(key, "file " + file, random);
        } finally {
            Arrays.fill(content, (byte) 0);
        }
    }

    /// Makes a new key file (base64, mode 0600), whole or not at all; never replaces one.
    ///
    /// @throws RootKeyRefused when the file exists or cannot be written
    public static RootKeySource create(Path file, SecureRandom random) {
        byte[] key = new byte[LocalRootKey.LENGTH];
        random.nextBytes(key);
        byte[] text = Base64.getEncoder().encode(key);
        try {
            store(file.toAbsolutePath(), text);
        } catch (FileAlreadyExistsException e) {
            throw new RootKeyRefused(file + " exists; a root key is never overwritten", e);
        } catch (IOException e) {
            throw new RootKeyRefused("cannot write " + file, e);
        } finally {
            Arrays.fill(key, (byte) 0);
            Arrays.fill(text, (byte) 0);
        }
        return load(file, random);
    }

    /// A hard link is atomic and refuses an existing name; a rename would replace it.
    private static void store(Path file, byte[] text) throws IOException {
        Path directory = file.getParent();
        if (directory == null) {
            throw new IOException("not a file name");
        }
        Path draft = Files.createTempFile(directory, ".root-key-", ".new", OWNER_ONLY);
        try {
            try (FileChannel channel = FileChannel.open(draft, StandardOpenOption.WRITE)) {
                ByteBuffer buffer = ByteBuffer.wrap(text);
                while (buffer.hasRemaining()) {
                    channel.write(buffer);
                }
                channel.force(true);
            }
            Files.createLink(file, draft);
        } finally {
            Files.deleteIfExists(draft);
        }
        try (FileChannel names = FileChannel.open(directory, StandardOpenOption.READ)) {
            names.force(true);
        }
    }

    private static void requireOwnerOnly(Path file) {
        try {
            Set<PosixFilePermission> permissions = Files.getPosixFilePermissions(file);
            if (!OWNERS.containsAll(permissions)) {
                throw new RootKeyRefused("root key file " + file + " is open to others (mode "
                        + PosixFilePermissions.toString(permissions) + "); run: chmod 600 " + file);
            }
        } catch (IOException e) {
            throw new RootKeyRefused("cannot read root key file " + file, e);
        } catch (UnsupportedOperationException e) {
            throw new RootKeyRefused("the file system of " + file + " has no owner permissions to keep a key safe", e);
        }
    }

    private static byte[] read(Path file) {
        try (InputStream in = Files.newInputStream(file)) {
            byte[] content = in.readNBytes(FILE_LIMIT + 1);
            if (content.length > FILE_LIMIT) {
                throw new RootKeyRefused(file + " is too long for a root key");
            }
            return content;
        } catch (IOException e) {
            throw new RootKeyRefused("cannot read root key file " + file, e);
        }
    }

    /// Base64 with line ends and blanks around it; null when it is none.
    static byte @Nullable [] decode(byte[] text) {
        int from = 0;
        int to = text.length;
        while (from < to && text[from] <= ' ') {
            from++;
        }
        while (to > from && text[to - 1] <= ' ') {
            to--;
        }
        byte[] trimmed = Arrays.copyOfRange(text, from, to);
        try {
            return Base64.getDecoder().decode(trimmed);
        } catch (IllegalArgumentException e) {
            return null;
        } finally {
            Arrays.fill(trimmed, (byte) 0);
        }
    }
}
