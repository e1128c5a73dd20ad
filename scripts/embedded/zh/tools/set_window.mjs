// Windows: 窗户 alone is the driver's; 一条缝 and 一点 are 10, 一半 is 50.
import { lines } from "../compose.mjs";

export const set_window = {
  train: [
    {
      say: lines(`打开{window}
        开{window}
        开一下{window}
        开启{window}
        把{window}打开
        把{window}开了
        把{window}全打开
        把{window}全部打开
        把{window}开到最大
        把{window}降下来
        把{window}放下来
        把{window}摇下来
        把{window}打开到底
        把{window}完全打开
        {window}打开
        {window}开一下
        {window}全开
        {window}全打开
        {window}开到最大
        {window}降下来
        {window}摇下来
        {window}降到底
        {window}开到底
        完全打开{window}
        全开{window}
        降下{window}
        放下{window}
        摇下{window}
        帮我打开{window}
        帮我开{window}
        帮我把{window}打开
        帮我把{window}降下来
        请打开{window}
        请把{window}打开
        麻烦开一下{window}
        麻烦把{window}打开
        给我开{window}
        我要开{window}
        我想开{window}
        我想把{window}打开
        能打开{window}吗
        能开一下{window}吗
        能不能把{window}打开
        可以打开{window}吗
        可以把{window}打开吗
        太闷了，打开{window}
        有点闷，开{window}
        车里有味道，打开{window}
        空气不好，把{window}打开
        晕车了，打开{window}
        要通风，打开{window}
        打开{window}透透气
        开{window}通通风
        打开{window}吹吹风
        想吹风，打开{window}
        外面空气好，开{window}
        到收费站了，打开{window}
        {window}开着吧
        把{window}敞开
        {window}敞开
        降{window}
        {window}拉下来
        {window}放到底
        帮忙开一下{window}
        想看看天，把{window}打开
        有人抽烟，把{window}打开
        车里有股怪味，{window}打开
        后面说闷，把{window}打开
        吃了榴莲味道好大，开{window}
        open一下{window}`),
      call: { window: "{window}", position: 100 },
    },
    {
      say: lines(`开窗
        开窗户
        开车窗
        打开窗
        打开车窗
        开窗透透气
        开窗通风
        开开窗
        我想开窗
        太闷了，开窗
        车里好闷，开窗
        有烟味，开窗
        我要透透气，开窗
        我要取卡，开窗
        过收费站，开窗
        帮我开窗
        请开窗
        能开窗吗
        摇下窗`),
      call: { window: "driver", position: 100 },
    },
    {
      say: lines(`把窗户都打开
        把车窗都打开
        把窗都打开
        窗户都打开
        车窗全打开
        窗户全开
        窗都开了
        开所有窗
        把四个窗都打开
        四个窗都降下来
        把前后窗都打开
        全车开窗`),
      call: { window: "all", position: 100 },
    },
    {
      say: lines(`关闭{window}
        关{window}
        关上{window}
        关一下{window}
        关好{window}
        关掉{window}
        把{window}关上
        把{window}关了
        把{window}关好
        把{window}关掉
        把{window}关紧
        把{window}关严
        把{window}全关上
        把{window}升上去
        把{window}升起来
        把{window}摇上去
        {window}关上
        {window}关了
        {window}关一下
        {window}关好
        {window}升上去
        {window}升起来
        {window}摇上来
        升起{window}
        摇上{window}
        帮我关{window}
        帮我关上{window}
        帮我把{window}关上
        帮我把{window}升起来
        请关闭{window}
        请把{window}关上
        麻烦关一下{window}
        麻烦把{window}关上
        给我关上{window}
        我要关{window}
        我想关{window}
        别忘了关{window}
        能关上{window}吗
        能关一下{window}吗
        能不能把{window}关上
        可以关{window}吗
        可以把{window}关了吗
        下雨了，关{window}
        下雨了，把{window}关上
        要下雨了，快把{window}关上
        雨飘进来了，关上{window}
        风太大了，关上{window}
        风好大，把{window}关了
        外面太吵，关上{window}
        外面好吵，把{window}关了
        太冷了，把{window}关上
        灰太大，关{window}
        要停车了，关{window}
        上高速了，关好{window}
        进隧道了，把{window}关上
        {window}没关，关一下
        {window}怎么开着，关上
        {window}拉上
        把{window}合上
        {window}收起来
        {window}升到顶
        把{window}升到顶
        关紧{window}
        帮忙关一下{window}
        有虫子飞进来，关{window}
        前面洒水车，把{window}关上
        外面烧烤味好大，关{window}
        灰尘好大，{window}关上
        要下车了，{window}关好
        孩子怕风，把{window}关上
        晒得慌，关上{window}
        close一下{window}`),
      call: { window: "{window}", position: 0 },
    },
    {
      say: lines(`关窗
        关窗户
        关车窗
        关上窗
        关好窗
        把窗关上
        快关窗
        下雨了，关窗
        下雨了快关窗
        外面太吵了，关窗
        风太大，关窗
        要洗车了，关窗
        帮我关窗
        请关窗
        能关窗吗
        我要关窗`),
      call: { window: "driver", position: 0 },
    },
    {
      say: lines(`把窗户都关上
        把车窗都关上
        把窗都关了
        窗户都关上
        车窗全关上
        窗户全关
        窗都关好
        关所有窗
        把四个窗都关上
        四个窗都升上去
        把前后窗都关了
        全车关窗
        下雨了，窗户都关上
        下车前把窗都关好
        要锁车了，窗全关上`),
      call: { window: "all", position: 0 },
    },
    {
      say: lines(`{window}开一半
        {window}打开一半
        {window}降一半
        {window}开到一半
        {window}半开
        {window}降到一半
        {window}放一半
        {window}留一半
        把{window}开一半
        把{window}打开一半
        把{window}开到一半
        把{window}降一半
        把{window}关到一半
        把{window}关一半
        把{window}升到一半
        打开一半{window}
        半开{window}
        开一半{window}
        帮我把{window}开一半
        请把{window}打开一半
        麻烦把{window}降一半
        我想把{window}开一半
        {window}开个一半
        {window}开一半就行
        能把{window}开一半吗
        有点闷，{window}开一半`),
      call: { window: "{window}", position: 50 },
    },
    {
      say: ["窗开一半", "开窗一半", "开一半窗", "半开窗", "窗降一半", "窗打开一半"],
      call: { window: "driver", position: 50 },
    },
    {
      say: lines(`{window}开一点
        {window}开一点点
        {window}开点
        {window}开一条缝
        {window}开条缝
        {window}开个缝
        {window}开个小缝
        {window}留条缝
        {window}留一条缝
        {window}留点缝
        {window}打开一点
        {window}打开一条缝
        {window}稍微开一点
        {window}稍微开一下
        {window}稍微打开一点
        {window}降一点
        {window}降下一点
        {window}降一点点
        {window}降条缝
        {window}微开
        {window}开一小条缝
        把{window}开一点
        把{window}打开一点点
        把{window}开条缝
        把{window}开一条缝
        把{window}开个缝
        把{window}留条缝
        把{window}稍微开一点
        把{window}稍微打开一点
        把{window}降一点
        把{window}降下来一点
        把{window}摇下来一点
        稍微开一点{window}
        稍微打开{window}
        打开一点{window}
        开一点{window}
        开点{window}
        微开{window}
        帮我把{window}开条缝
        帮我把{window}开一点
        请把{window}开一点
        麻烦把{window}开一点点
        我想把{window}开一点
        能把{window}开一点吗
        可以把{window}开条缝吗
        有点闷，{window}开条缝
        抽根烟，{window}开一点
        透透气，把{window}开条缝
        有烟味，{window}开一点`),
      call: { window: "{window}", position: 10 },
    },
    {
      say: [
        "开点窗",
        "开一点窗",
        "开条窗缝",
        "窗开一点",
        "窗开条缝",
        "开窗留条缝",
        "稍微开点窗",
        "给我开点窗",
        "窗留个缝",
        "我要抽烟，开点窗",
        "有点闷，开点窗",
      ],
      call: { window: "driver", position: 10 },
    },
    {
      say: lines(`{window}开{percent}
        {window}开到{percent}
        {window}打开{percent}
        {window}打开到{percent}
        {window}调到{percent}
        {window}降{percent}
        {window}降到{percent}
        {window}设为{percent}
        {window}{percent}
        {window}开度{percent}
        {window}开度调到{percent}
        把{window}开{percent}
        把{window}开到{percent}
        把{window}打开{percent}
        把{window}打开到{percent}
        把{window}调到{percent}
        把{window}降到{percent}
        把{window}设为{percent}
        把{window}的开度设为{percent}
        打开{window}{percent}
        打开{window}到{percent}
        打开{window}，{percent}
        开{window}{percent}
        帮我把{window}开到{percent}
        帮我把{window}打开{percent}
        请把{window}打开{percent}
        请把{window}开到{percent}
        麻烦把{window}调到{percent}
        我想把{window}开到{percent}
        能把{window}开到{percent}吗
        太闷了，{window}开{percent}
        {window}开大概{percent}
        {window}留{percent}
        {window}关到{percent}
        把{window}关到{percent}
        把{window}升到{percent}
        {window}开{percent}就行
        {window}只开{percent}
        抽根烟，{window}开{percent}`),
      call: { window: "{window}", position: "{percent}" },
    },
    {
      say: ["窗开{percent}", "开窗{percent}", "窗打开{percent}", "开窗到{percent}", "窗开到{percent}"],
      call: { window: "driver", position: "{percent}" },
    },
    {
      say: [
        "四个窗都开{percent}",
        "窗户都开到{percent}",
        "所有窗都打开{percent}",
        "把车窗都开{percent}",
        "窗全部开到{percent}",
      ],
      call: { window: "all", position: "{percent}" },
    },
    {
      say: ["窗户都开一半", "四个窗都开一半", "把车窗都降一半", "所有窗都打开一半"],
      call: { window: "all", position: 50 },
    },
    {
      say: ["窗户都开条缝", "四个窗都开一点", "把车窗都留条缝", "所有窗都降一点", "停车晒太阳，窗都留条缝"],
      call: { window: "all", position: 10 },
    },
    {
      say: lines(`{window}开到{bare}
        {window}调到{bare}
        {window}打开到{bare}
        {window}设为{bare}
        把{window}开到{bare}
        把{window}调到{bare}
        把{window}设成{bare}
        {window}开度{bare}
        {window}开度调到{bare}
        帮我把{window}开到{bare}`),
      call: { window: "{window}", position: "{bare}" },
    },
  ],
  heldout: [
    { say: ["{window}给我开到{bare}", "将{window}调至{bare}"], call: { window: "{window}", position: "{bare}" } },
    {
      say: lines(`{window}给我敞开
        麻烦帮忙开{window}
        请将{window}开启
        把{window}开开
        {window}给我降到底
        热得慌，把{window}摇下
        我想打开{window}看风景`),
      call: { window: "{window}", position: 100 },
    },
    { say: ["把窗摇下来", "给开个窗", "我想透气，把窗户打开"], call: { window: "driver", position: 100 } },
    { say: ["所有的窗都敞开", "窗户统统打开", "四扇窗都摇下来"], call: { window: "all", position: 100 } },
    {
      say: lines(`{window}给我关上
        请将{window}关闭
        麻烦帮忙关{window}
        {window}怎么没关严，关上
        沙尘来了，{window}关紧
        灌风了，把{window}升起
        {window}给合上`),
      call: { window: "{window}", position: 0 },
    },
    { say: ["把窗摇上", "给关个窗", "雨好大，快把窗户关起来"], call: { window: "driver", position: 0 } },
    { say: ["窗户统统关上", "所有的窗都摇上去", "四扇窗都关好"], call: { window: "all", position: 0 } },
    {
      say: ["{window}给我开一半", "将{window}降至一半", "{window}敞开一半"],
      call: { window: "{window}", position: 50 },
    },
    {
      say: ["{window}给我开个小口", "将{window}略微打开", "{window}露条缝", "{window}开那么一丁点"],
      call: { window: "{window}", position: 10 },
    },
    {
      say: [
        "{window}给我开{percent}",
        "将{window}打开至{percent}",
        "{window}敞开{percent}",
        "麻烦{window}开到{percent}",
      ],
      call: { window: "{window}", position: "{percent}" },
    },
  ],
};
