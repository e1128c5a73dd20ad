// What the tools do not do; each kind of request gets the same answer.
import { advice } from "./outside/advice.mjs";
import { cars } from "./outside/cars.mjs";
import { errands } from "./outside/errands.mjs";
import { knowledge } from "./outside/knowledge.mjs";
import { numbers } from "./outside/numbers.mjs";
import { writing } from "./outside/writing.mjs";

export const outside = {
  train: { ...knowledge, ...numbers, ...writing, ...advice, ...errands, ...cars },
  reply: "这超出了我的能力：我只是眼镜和车机上的小模型。想要真正的千问，请运行：anyqwen pull qwen3:0.6b",
};
