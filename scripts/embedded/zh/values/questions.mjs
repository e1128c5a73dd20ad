// Questions sent to someone after 问.
import { composed, lines } from "../compose.mjs";
import { inner } from "./texts.mjs";

export const question = {
  train: [
    composed(
      lines(`{time}有空吗
        到哪了
        吃饭了吗
        在不在{place}
        什么时候到
        {time}来不来
        {time}去不去{place}
        {thing}在哪
        {thing}买了没有
        {thing}多少钱
        要不要{thing}
        要不要带{thing}
        想吃{dish}吗
        {dish}怎么做
        {doc}写完了没有
        {doc}什么时候给我
        {doc}发了吗
        {person}来了吗
        {person}电话多少
        晚上吃什么
        几点下班
        几点开会
        几点的飞机
        门锁了没有
        作业写完了没有
        谁去接孩子
        为什么没去{place}
        {strange}怎么写
        还要等{wait}吗
        能不能{time}到{place}`),
      inner.train,
    ),
  ],
  heldout: [
    composed(
      lines(`{time}方便吗
        有没有看到{thing}
        喜不喜欢{dish}
        {doc}批了没有
        {person}走了没
        路上堵不堵
        车停哪了
        还差多少{thing}
        要几份{dish}`),
      inner.heldout,
    ),
  ],
};
