package org.alcove.engine.forward;

import org.alcove.engine.memory.MemoryModel;

/** A transformer, naively, in float64: what a forward pass is compared with. */
final class DoubleModel {

    /** Rotation of a pair at a position, as an angle and a factor. */
    interface Angles {
        double angle(int position, int pair);

        default double magnitude() {
            return 1;
        }
    }

    private final MemoryModel model;
    private final int layers;
    private final int heads;
    private final int keyHeads;
    private final int size;
    private final Angles angles;
    private final boolean halves;
    private final int window;

    DoubleModel(MemoryModel model, int size, Angles angles) {
        this.model = model;
        String prefix = model.architecture() + ".";
        this.layers = model.integer(prefix + "block_count").orElseThrow();
        this.heads = model.integer(prefix + "attention.head_count").orElseThrow();
        this.keyHeads = model.integer(prefix + "attention.head_count_kv").orElse(heads);
        this.window = model.integer(prefix + "attention.sliding_window").orElse(1 << 30);
        this.size = size;
        this.angles = angles;
        this.halves = model.text(MemoryModel.ROPE_PAIRING).orElseThrow().equals("halves");
    }

    /** Logits after each token. */
    double[][] logits(int[] tokens) {
        int width = model.values().get("token_embd.weight").shape().columns();
        double[][] x = new double[tokens.length][width];
        for (int t = 0; t < tokens.length; t++) {
            for (int i = 0; i < width; i++) {
                x[t][i] = model.floats("token_embd.weight")[tokens[t] * width + i];
            }
        }
        for (int layer = 0; layer < layers; layer++) {
            layer("blk." + layer + ".", x);
        }
        double[][] logits = new double[tokens.length][];
        String head = model.values().containsKey("output.weight") ? "output.weight" : "token_embd.weight";
        for (int t = 0; t < tokens.length; t++) {
            logits[t] = product(head, norm(x[t], 0, width, "output_norm.weight"));
            if (model.flag(MemoryModel.NORMALIZED_HEAD).orElse(false)) {
                normalizeHead(head, logits[t], width);
            }
        }
        return logits;
    }

    private void normalizeHead(String head, double[] logits, int width) {
        for (int r = 0; r < logits.length; r++) {
            double squares = 0;
            for (int i = 0; i < width; i++) {
                squares += Math.pow(model.floats(head)[r * width + i], 2);
            }
            logits[r] /= Math.sqrt(squares);
        }
    }

    private void layer(String prefix, double[][] x) {
        int n = x.length;
        double[][] q = new double[n][];
        double[][] k = new double[n][];
        double[][] v = new double[n][];
        for (int t = 0; t < n; t++) {
            double[] h = norm(x[t], 0, x[t].length, prefix + "attn_norm.weight");
            if (model.values().containsKey(prefix + "attn_qkv.weight")) {
                double[] all = product(prefix + "attn_qkv.weight", h);
                q[t] = java.util.Arrays.copyOfRange(all, 0, heads * size);
                k[t] = java.util.Arrays.copyOfRange(all, heads * size, (heads + keyHeads) * size);
                v[t] = java.util.Arrays.copyOfRange(all, (heads + keyHeads) * size, all.length);
            } else {
                q[t] = biased(prefix + "attn_q", h);
                k[t] = biased(prefix + "attn_k", h);
                v[t] = biased(prefix + "attn_v", h);
            }
            rotate(q[t], t, prefix + "attn_q_norm.weight");
            rotate(k[t], t, prefix + "attn_k_norm.weight");
        }
        for (int t = 0; t < n; t++) {
            add(x[t], product(prefix + "attn_output.weight", attention(q[t], k, v, t)));
            double[] h = norm(x[t], 0, x[t].length, prefix + "ffn_norm.weight");
            double[] gate = product(prefix + "ffn_gate.weight", h);
            double[] up = product(prefix + "ffn_up.weight", h);
            for (int i = 0; i < gate.length; i++) {
                gate[i] = gate[i] / (1 + Math.exp(-gate[i])) * up[i];
            }
            add(x[t], product(prefix + "ffn_down.weight", gate));
        }
    }

    private double[] attention(double[] q, double[][] k, double[][] v, int position) {
        double[] result = new double[heads * size];
        for (int head = 0; head < heads; head++) {
            int key = head / (heads / keyHeads) * size;
            double[] weights = new double[position + 1];
            double total = 0;
            for (int t = Math.max(0, position - window + 1); t <= position; t++) {
                double score = 0;
                for (int i = 0; i < size; i++) {
                    score += q[head * size + i] * k[t][key + i];
                }
                weights[t] = Math.exp(score / Math.sqrt(size));
                total += weights[t];
            }
            for (int t = 0; t <= position; t++) {
                for (int i = 0; i < size; i++) {
                    result[head * size + i] += weights[t] / total * v[t][key + i];
                }
            }
        }
        return result;
    }

    private void rotate(double[] all, int position, String norm) {
        for (int at = 0; at < all.length; at += size) {
            if (model.values().containsKey(norm)) {
                System.arraycopy(norm(all, at, size, norm), 0, all, at, size);
            }
            for (int i = 0; i < size / 2; i++) {
                int a = at + (halves ? i : 2 * i);
                int b = halves ? a + size / 2 : a + 1;
                double cos = Math.cos(angles.angle(position, i)) * angles.magnitude();
                double sin = Math.sin(angles.angle(position, i)) * angles.magnitude();
                double first = all[a];
                all[a] = first * cos - all[b] * sin;
                all[b] = all[b] * cos + first * sin;
            }
        }
    }

    private double[] norm(double[] x, int at, int count, String weights) {
        double squares = 0;
        for (int i = 0; i < count; i++) {
            squares += x[at + i] * x[at + i];
        }
        double epsilon = model.number(model.architecture() + ".attention.layer_norm_rms_epsilon").orElseThrow();
        double[] result = new double[count];
        for (int i = 0; i < count; i++) {
            result[i] = x[at + i] / Math.sqrt(squares / count + epsilon) * model.floats(weights)[i];
        }
        return result;
    }

    private double[] biased(String name, double[] x) {
        double[] y = product(name + ".weight", x);
        if (model.values().containsKey(name + ".bias")) {
            for (int i = 0; i < y.length; i++) {
                y[i] += model.floats(name + ".bias")[i];
            }
        }
        return y;
    }

    private double[] product(String name, double[] x) {
        MemoryModel.Values matrix = model.values().get(name);
        double[] y = new double[matrix.shape().rows()];
        for (int r = 0; r < y.length; r++) {
            for (int c = 0; c < x.length; c++) {
                y[r] += matrix.floats()[r * x.length + c] * x[c];
            }
        }
        return y;
    }

    private static void add(double[] x, double[] y) {
        for (int i = 0; i < x.length; i++) {
            x[i] += y[i];
        }
    }
}
