// The bits of one runtime: hashes of 700 tokens' logits in chunks of 1, 7 and 512, and of an answer alone and among fifteen others.
// Uses what Node and pages share, since it runs in both.

async function hash(...arrays) {
  const prints = [];
  for (const array of arrays) {
    const bytes = new Uint8Array(array.buffer, array.byteOffset, array.byteLength);
    prints.push(...new Uint8Array(await crypto.subtle.digest("SHA-256", bytes)));
  }
  const digest = new Uint8Array(await crypto.subtle.digest("SHA-256", Uint8Array.from(prints)));
  return Array.from(digest.subarray(0, 8), (byte) => byte.toString(16).padStart(2, "0")).join("");
}

/** Ids and log-probabilities of 24 sampled tokens after `prompt`. */
async function answer(qwen, prompt, seed) {
  const [ids, logprobs] = [[], []];
  const options = { maxTokens: 24, temperature: 0.8, seed, logprobs: 1, ignoreEos: true };
  for await (const part of qwen.generate(prompt, options))
    if (part.type === "text") {
      ids.push(...part.ids);
      logprobs.push(...(part.logprobs ?? []).map(({ logprob }) => logprob));
    }
  return hash(Int32Array.from(ids), Float64Array.from(logprobs));
}

/** `prints`: what was computed, which of them must be equal (`kind`), and the hash. */
export async function takeBits(load, source, { tokens, threads }) {
  const prints = [];
  let identity = "";
  for (const count of threads) {
    const qwen = await load(source, { threads: count, chunk: 512, contextTokens: 16384 });
    identity = qwen.info.identity;
    const on = qwen.info.threads === 1 ? "one thread" : `${qwen.info.threads} threads`;
    const ids = Array.from({ length: tokens }, (_, i) => (i * 7919 + 13) % Math.min(qwen.info.vocab, 150000));
    for (const chunk of [512, 7, 1]) {
      const { logits } = await qwen.logits(ids, { chunk });
      prints.push({ what: `${on}, chunks of ${chunk}`, kind: "logits", print: await hash(logits) });
    }
    const prompt = ids.slice(0, 100);
    prints.push({ what: `${on}, an answer alone`, kind: "answer", print: await answer(qwen, prompt, 7) });
    const others = Array.from({ length: 15 }, (_, n) => answer(qwen, ids.slice(n, 60 + 9 * n), n));
    prints.push({ what: `${on}, among fifteen others`, kind: "answer", print: await answer(qwen, prompt, 7) });
    await Promise.all(others);
    await qwen.close();
  }
  return { identity, prints };
}
