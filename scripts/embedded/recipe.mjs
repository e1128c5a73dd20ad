// How the embedded model is made: its shape, its data and its training. Change a figure, remove the work folder, train again.
export const recipe = {
  seed: 20261124,
  /** Conversations. */
  examples: 120_000,
  config: {
    architectures: ["Qwen3ForCausalLM"],
    model_type: "qwen3",
    vocab_size: 5120,
    hidden_size: 256,
    intermediate_size: 512,
    num_hidden_layers: 6,
    num_attention_heads: 8,
    num_key_value_heads: 4,
    head_dim: 32,
    rms_norm_eps: 1e-6,
    rope_theta: 10_000,
    max_position_embeddings: 2048,
    tie_word_embeddings: true,
    attention_bias: false,
    hidden_act: "silu",
  },
  training: {
    steps: 5000,
    batchSize: 16,
    learningRate: 2e-3,
    beta2: 0.98,
    weightDecay: 0.05,
    warmup: 150,
    schedule: "cosine",
    /** Drills come first. */
    shuffle: false,
    clip: 1,
    seed: 1,
    saveEvery: 100,
  },
};
