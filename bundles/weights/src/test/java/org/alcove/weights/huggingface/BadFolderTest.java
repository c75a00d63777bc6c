package org.alcove.weights.huggingface;

import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.alcove.weights.ModelFormatException;
import org.alcove.weights.kernels.KernelRegistry;
import org.alcove.weights.sample.FolderSample;
import org.alcove.weights.sample.GgufSample.Bytes;
import org.alcove.weights.store.MappedWeightStore;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Every way a folder can be wrong ends in one clear error that names the file and the key or tensor. */
class BadFolderTest {

    @TempDir
    private Path folder;

    @ParameterizedTest(name = "{1}")
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            {} | tensor
            []                                                   | the header: the header is malformed
            '' | the header: the header is malformed
            {'a' | not valid JSON
            {'a':1} | tensor a: the header is malformed
            {'a':{}} | tensor a: it needs a dtype, a shape and two data_offsets
            {'a':{'dtype':'F32'}} | tensor a: it needs a dtype
            {'a':{'dtype':'F4','shape':[1],'data_offsets':[0,4]}} | tensor a: dtype F4 is not known
            {'a':{'dtype':4,'shape':[1],'data_offsets':[0,4]}} | tensor a: the header is malformed
            {'a':{'dtype':'F32','shape':[2],'data_offsets':[0,4]}} | shape [2] of F32 needs 8 bytes, its data_offsets give 4
            {'a':{'dtype':'F32','shape':[1],'data_offsets':[0,8]}} | data_offsets 0 to 8 lie outside the data of 4 bytes
            {'a':{'dtype':'F32','shape':[1],'data_offsets':[4,0]}} | data_offsets 4 to 0 lie outside
            {'a':{'dtype':'F32','shape':[1],'data_offsets':[0]}} | tensor a: it needs a dtype, a shape and two data_offsets
            {'a':{'dtype':'F32','shape':[-1],'data_offsets':[0,4]}} | shape must hold at most 8 numbers, none below 0
            {'a':{'dtype':'F32','shape':[1.0],'data_offsets':[0,4]}} | tensor a: the header is malformed
            {'a':{'dtype':'F32','shape':[99999999999999999999],'data_offsets':[0,4]}} | not valid JSON
            {'a':{'dtype':'F32','shape':[4294967296,4294967296],'data_offsets':[0,4]}} | is larger than any file
            {'a':{'dtype':'F32','shape':[1,1,1,1,1,1,1,1,1],'data_offsets':[0,4]}} | at most 8 numbers
            {'a':{'dtype':'F32','shape':[[1]],'data_offsets':[0,4]}} | tensor a: the header is malformed
            {'a':{'dtype':'U8','shape':[1],'data_offsets':[3,4]}} | begins at byte 3 of the data, but the one before it ends at 0
            {'a':{'dtype':'U8','shape':[1],'data_offsets':[0,1]}} | its tensors end at byte
            {'a':{'dtype':'U8','shape':[4],'data_offsets':[0,4]},'b':{'dtype':'U8','shape':[2],'data_offsets':[1,3]}} | b
            {'a':{'dtype':'F32','shape':[1],'data_offsets':[0,4]},'a':{'dtype':'F32','shape':[1],'data_offsets':[0,4]}} | Dup
            {'a':{'dtype':'F32','dtype':'F32','shape':[1],'data_offsets':[0,4]}} | Duplicate field
            {'a':{'dtype':'F32','shape':[1],'data_offsets':[0,4],'x':1}} | tensor a: key x is not known
            {'a':{'dtype':'F32','shape':[1],'data_offsets':[0,4]}} 7 | nothing more wanted
            """)
    void aBadHeaderIsRefused(String header, String message) throws IOException {
        byte[] file = FolderSample.safetensors(header.replace('\'', '"'), new byte[4]);
        Files.write(folder.resolve("bad.safetensors"), file);
        refused(message, () -> Safetensors.read(folder.resolve("bad.safetensors")));
    }

    @Test
    void lengthsThatLieAreRefused() throws IOException {
        Path file = folder.resolve("bad.safetensors");
        for (long length : new long[] {-1, 0, 1, 3, 100_000_001, Long.MAX_VALUE, Long.MIN_VALUE}) {
            Files.write(file, new Bytes().int64(length).text("{}").array(), StandardOpenOption.CREATE);
            refused(length == 3 ? "not valid JSON" : "its header is said to have", () -> Safetensors.read(file));
        }
        Files.write(file, new byte[7]);
        refused("it has 7 bytes, too few", () -> Safetensors.read(file));
    }

    @Test
    void deepNestingIsRefused() throws IOException {
        String deep = "{\"__metadata__\":" + "{\"a\":".repeat(200_000) + "1" + "}".repeat(200_001);
        Files.write(folder.resolve("bad.safetensors"), FolderSample.safetensors(deep, new byte[0]));
        refused("nesting depth", () -> Safetensors.read(folder.resolve("bad.safetensors")));
        Files.writeString(folder.resolve("config.json"), "[".repeat(200_000));
        refused("nesting depth", () -> FolderReader.read(folder));
    }

    /** The first four bytes tell JSON's encoding: these are taken for UTF-32 in an order that no machine writes. */
    @Test
    void bytesThatAreNoTextInAnyEncodingAreRefusedByTheNameOfTheirFile() throws IOException {
        byte[] damaged = {0, 0, '{', 0, 0, 0, 0, 0};
        Files.write(folder.resolve("config.json"), damaged);
        refused("config.json: it is not valid JSON: Unsupported UCS-4 endianness", () -> FolderReader.read(folder));
        refused("fetch it again", () -> FolderReader.read(folder));
        Path file = folder.resolve("bad.safetensors");
        Files.write(file, new Bytes().int64(damaged.length).array());
        Files.write(file, damaged, StandardOpenOption.APPEND);
        refused("bad.safetensors: it is not valid JSON: Unsupported UCS-4 endianness", () -> Safetensors.read(file));
    }

    @ParameterizedTest(name = "{0} -> {2}")
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            'model_type': 'llama' | 'model_type': 7 | model_type: it must be a text, not 7
            'model_type': 'llama' | 'model_typo': 'llama' | model_type: it is missing
            'hidden_size': 32 | 'hidden_size': '32' | hidden_size: it must be an integer of 32 bits
            'hidden_size': 32 | 'hidden_size': 1e99 | hidden_size: it must be an integer of 32 bits
            'hidden_size': 32 | 'hidden_size': 0 | hidden_size is 0, at least 1 is needed
            'hidden_size': 32 | 'hidden_size': 30 | 4 heads do not divide hidden_size 30
            'num_hidden_layers': 2 | 'num_hidden_layers': null | num_hidden_layers: it is missing
            'num_hidden_layers': 2 | 'num_hidden_layers': 1 | does not have it
            'rms_norm_eps': 1e-5 | 'rms_norm_eps': NaN | rms_norm_eps: it must be a finite number
            'rms_norm_eps': 1e-5 | 'rms_norm_eps': 0 | rms_norm_eps is 0.0, it must be above 0
            'hidden_act': 'silu' | 'hidden_act': 'gelu' | activation gelu is not supported, silu is
            'hidden_act': 'silu' | 'tie_word_embeddings': 1 | tie_word_embeddings: it must be true or false, not 1
            'hidden_act': 'silu' | 'partial_rotary_factor': 0.3 | partial_rotary_factor: it leaves 2.4 of 8
            'hidden_act': 'silu' | 'rope_scaling': 4 | rope_scaling: it must be an object, not 4
            'hidden_act': 'silu' | 'rope_scaling': {'type': 'ntk'} | RoPE scaling ntk is not supported; default, linear
            'hidden_act': 'silu' | 'rope_scaling': {'type': 'linear'} | rope_scaling.factor: it is missing
            'hidden_act': 'silu' | 'rope_scaling': {'type': 'linear', 'factor': 2, 'x': 1} | rope_scaling.x: it is not known
            'hidden_act': 'silu' | 'sliding_window': 4, 'layer_types': ['sliding_attention', 'full_attention'] | 1 of 2 layers
            'hidden_act': 'silu' | 'layer_types': ['full_attention'], 'sliding_window': 4 | it lists 1 layers
            'hidden_act': 'silu' | 'quantization_config': {'quant_method': 'gptq'} | quantization gptq is not supported
            'hidden_act': 'silu' | 'quantization_config': {'quant_method': 'compressed-tensors'} | config_groups
            'eos_token_id': 2 | 'eos_token_id': [2, 'x'] | eos_token_id: it must be an id or a list of ids
            'hidden_act': 'silu' | 'hidden_act': 'silu', 'hidden_act': 'silu' | Duplicate field 'hidden_act'
            """)
    void aBadConfigurationIsRefused(String good, String bad, String message) throws IOException {
        new FolderSample(folder).llama().json("config.json", FolderSample.LLAMA.replace(good, bad)).write("model.safetensors");
        refused(message, () -> FolderReader.read(folder));
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            'num_bits': 8, 'strategy': 'channel', 'symmetric': true | weights.num_bits: 8 bits of type int are not supported
            'num_bits': 4, 'strategy': 'tensor', 'symmetric': true | weights.strategy: tensor is not supported
            'num_bits': 4, 'group_size': 48, 'symmetric': true | weights.group_size: 48 is not supported
            'num_bits': 4, 'group_size': 32, 'symmetric': false | it has no weight_zero_point, but config.json says not sym
            'num_bits': 4, 'group_size': 64, 'symmetric': true | up_proj.weight_scale: its shape is [48, 3], but a matrix
            'num_bits': 4, 'group_size': 32, 'dynamic': true | weights.dynamic: it must be false
            """)
    void aSchemeThatIsNotSupportedIsRefused(String weights, String message) throws IOException {
        String scheme = "'quantization_config': {'quant_method': 'compressed-tensors', 'format': 'pack-quantized',"
                + " 'config_groups': {'group_0': {'weights': {" + weights + "}}}}";
        String name = "model.layers.1.mlp.up_proj.";
        new FolderSample(folder).json("config.json", FolderSample.LLAMA.replace("'hidden_act': 'silu'", scheme))
                .tensor(name + "weight_packed", "I32", new byte[48 * 48], 48, 12).ones(name + "weight_scale", 48, 3)
                .tensor(name + "weight_shape", "I64", new Bytes().int64(48).int64(96).array(), 2).write("model.safetensors");
        refused(message, () -> FolderReader.read(folder));
    }

    @Test
    void badShardsAndTensorsAreRefused() throws IOException {
        FolderSample sample = new FolderSample(folder);
        refused("config.json: there is no such file", () -> FolderReader.read(folder));
        sample.json("config.json", FolderSample.LLAMA);
        index(sample, "../model.safetensors", "no plain *.safetensors name");
        index(sample, "model.bin", "no plain *.safetensors name");
        index(sample, "absent.safetensors", "absent.safetensors: there is no such file");
        sample.ones("model.embed_tokens.weight", 16, 32).write("one.safetensors");
        index(sample, "one.safetensors", "weight_map.model.norm.weight: it is not in one.safetensors");
        Files.delete(folder.resolve("model.safetensors.index.json"));
        sample.ones("model.norm.weight", 32).write("two.safetensors");
        refused("it has 2 *.safetensors files", () -> FolderReader.read(folder));
        single(sample.ones("model.vision.weight", 4), "tensor model.vision.weight: a model of this type");
        single(sample.ones("model.norm.scale", 4), "tensor model.norm.scale: a model of this type");
        single(sample.ones("model.norm.weight", 2, 2, 2), "it has 3 dimensions");
        single(sample.ones("model.norm.weight", 0), "a dimension of 0");
        single(sample.ones("model.norm.weight_scale", 2), "there is no tensor model.norm.weight_packed");
        single(sample.ones("model.norm.weight_packed", 2), "it is quantized, but config.json has no quantization_config");
        single(sample.ones("model.layers.2.mlp.up_proj.weight", 2, 2), "a model of this type with 2 layers does not have it");
        MappedWeightStore store = new MappedWeightStore(KernelRegistry.of());
        sample.tensor("model.norm.weight", "F64", new byte[16], 2).write("model.safetensors");
        refused("tensor output_norm.weight is of type F64, which is not supported", () -> store.open(folder));
        sample.json("config.json", "{'model_type': 'gpt2'}");
        refused("model type gpt2 is not supported", () -> store.open(folder));
    }

    private void index(FolderSample sample, String file, String message) throws IOException {
        sample.json("model.safetensors.index.json", "{'weight_map': {'model.norm.weight': '" + file + "'}}");
        refused(message, () -> FolderReader.read(folder));
    }

    private void single(FolderSample sample, String message) throws IOException {
        sample.write("model.safetensors");
        refused(message, () -> FolderReader.read(folder));
    }

    private void refused(String message, Executable read) {
        ModelFormatException error = assertThrows(ModelFormatException.class, read);
        assertTrue(error.getMessage().contains(message), () -> "not \"" + message + "\" but " + error.getMessage());
        assertTrue(error.getMessage().contains(folder.toString()), error.getMessage());
    }
}
