package org.alcove.weights;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import org.alcove.api.kernel.MatrixShape;
import org.osgi.annotation.versioning.ProviderType;

/**
 * What a model says about itself, in GGUF's vocabulary of keys and tensor names whichever container it came in: a Hugging Face
 * folder answers {@code llama.block_count} and {@code blk.0.attn_q.weight} too.
 *
 * <p>Keys beyond GGUF's: {@value #ROPE_PAIRING}; {@value #NORMALIZED_HEAD}; {@value #END_TOKEN_IDS}.
 */
@ProviderType
public interface ModelFile {

    /** Key (String): {@code adjacent} where rotary pairs are columns 2i and 2i+1 of a head, {@code halves} for i and i+d/2. */
    String ROPE_PAIRING = "alcove.rope.pairing";

    /** Key (flag): rows of the output head are to be divided by their length (Baichuan2 as published by its authors). */
    String NORMALIZED_HEAD = "alcove.head.normalized";

    /** Key (integers): every id that ends an answer, where the files list them. */
    String END_TOKEN_IDS = "alcove.end_token_ids";

    /** Where it lies. */
    Path path();

    /** Short name for people and clients: the file's name without ending, or the folder's. */
    String name();

    /** Value of {@code general.architecture}, for example {@code qwen2}; empty where a file gives none. */
    String architecture();

    /** All keys. */
    List<String> keys();

    /** Value of a key that holds a text. */
    Optional<String> text(String key);

    /** Value of a key that holds an integer of any width. */
    OptionalInt integer(String key);

    /** Value of a key that holds a number of any kind. */
    OptionalDouble number(String key);

    /** Value of a key that holds true or false. */
    Optional<Boolean> flag(String key);

    /** Elements of a key that holds an array of texts; empty where absent. */
    List<String> texts(String key);

    /** Elements of a key that holds an array of integers; empty where absent. */
    int[] integers(String key);

    /** Elements of a key that holds an array of numbers; empty where absent. */
    float[] numbers(String key);

    /** Tensors by their GGUF names. */
    Map<String, Tensor> tensors();

    /** Rows of the embedding, each of which is an id that may be chosen; empty where the file holds a vocabulary only. */
    default OptionalInt embeddingRows() {
        Tensor embedding = tensors().get("token_embd.weight");
        return embedding == null ? OptionalInt.empty() : OptionalInt.of(embedding.shape().rows());
    }

    /** A file beside the weights, for example {@code tokenizer.json}; only Hugging Face folders have any. */
    Optional<Path> companion(String fileName);

    /**
     * A tensor as the file lists it.
     *
     * @param name GGUF name
     * @param type type as the container spells it, for example {@code Q4_0} or {@code BF16}
     * @param format format of the kernel that multiplies it, for example {@code sym_int4}; empty where none does
     * @param shape rows by columns; a vector has one row
     * @param bytes size in the file
     */
    record Tensor(String name, String type, String format, MatrixShape shape, long bytes) {
    }
}
