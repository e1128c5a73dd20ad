// Arrays that the ops work on: f32 for inference; f64 for training, so that gradients can be compared with finite differences.

export type Floats = Float32Array | Float64Array;
