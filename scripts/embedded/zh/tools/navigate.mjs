// Guidance to a place. 走 in 怎么走 is no mode; 走路, 步行, 骑车, 坐地铁, 开车 are.
import { lines } from "../compose.mjs";

export const navigate = {
  train: [
    {
      say: lines(`导航到{destination}
        导航去{destination}
        导航{destination}
        导航，{destination}
        去{destination}
        我要去{destination}
        我想去{destination}
        我们去{destination}
        咱们去{destination}
        带我去{destination}
        带我们去{destination}
        带我到{destination}
        送我去{destination}
        送我到{destination}
        帮我导航到{destination}
        帮我导航去{destination}
        请导航到{destination}
        麻烦导航到{destination}
        给我导航到{destination}
        开始导航，去{destination}
        开始导航到{destination}
        打开导航，去{destination}
        打开导航，目的地{destination}
        目的地{destination}
        目的地设为{destination}
        把目的地设成{destination}
        把目的地改成{destination}
        目的地改到{destination}
        设置目的地为{destination}
        我要到{destination}
        我得去{destination}一趟
        我得赶去{destination}
        现在去{destination}
        现在出发去{destination}
        出发去{destination}
        出发，{destination}
        走，去{destination}
        下一站{destination}
        下一站去{destination}
        {destination}怎么走
        {destination}怎么去
        去{destination}怎么走
        去{destination}的路怎么走
        到{destination}怎么走
        到{destination}走哪条路
        去{destination}走哪条路好
        怎么去{destination}
        怎么到{destination}
        怎么才能到{destination}
        请问{destination}怎么走
        我想知道{destination}怎么走
        告诉我{destination}怎么走
        告诉我怎么去{destination}
        指路去{destination}
        给我指条去{destination}的路
        规划去{destination}的路线
        规划一条到{destination}的路线
        帮我规划一下去{destination}的路线
        查一下去{destination}的路线
        看看去{destination}怎么走
        找一条去{destination}的路
        路线，{destination}
        我要去{destination}，怎么走
        我要去{destination}，帮我导航
        我要去{destination}，带路
        带路去{destination}
        带路，{destination}
        领我去{destination}
        我迷路了，带我去{destination}
        我找不到路了，导航到{destination}
        我赶时间，快带我去{destination}
        快，去{destination}
        掉头去{destination}
        改去{destination}
        不去那了，去{destination}
        计划变了，去{destination}
        先去{destination}
        先带我去{destination}
        能带我去{destination}吗
        能不能带我去{destination}
        可以带我去{destination}吗
        可以导航到{destination}吗
        能导航去{destination}吗
        我约了人，去{destination}
        有点饿了，带我去{destination}
        今天累了，送我去{destination}
        客人在等我，导航到{destination}
        接下来去{destination}
        咱们出发吧，去{destination}
        我第一次来，{destination}怎么走
        你知道{destination}怎么走吗
        知道怎么去{destination}吗
        你认识去{destination}的路吗
        把我带到{destination}
        把我送到{destination}
        我想去{destination}看看
        我想去{destination}逛逛
        带我去{destination}看看
        陪我去{destination}
        导航路线到{destination}
        开启到{destination}的导航
        开启导航，终点{destination}
        终点是{destination}
        终点设为{destination}
        我要找{destination}
        帮我找{destination}怎么走
        想去{destination}，该怎么走
        从这里去{destination}怎么走
        从这儿到{destination}怎么走
        导航至{destination}
        navigate到{destination}
        Navigate去{destination}
        去趟{destination}
        到{destination}去
        我现在要赶到{destination}
        等会儿要去{destination}，先导航
        今天要去{destination}，给我指路
        我有点赶，到{destination}最快怎么走
        {destination}，导航
        {destination}，走起
        {destination}往哪走
        {destination}在哪，带我去
        我想去一趟{destination}，麻烦带路
        我们打算去{destination}，导航开起来
        把导航开到{destination}
        重新导航到{destination}
        重新规划，去{destination}
        导航改到{destination}
        不去公司了，改去{destination}
        送完孩子了，去{destination}
        朋友在{destination}等我，带我过去
        我和朋友约在{destination}，带我去
        我跟人约好了在{destination}见，导航过去
        去接人，导航到{destination}
        我要去接孩子，去{destination}
        开会要迟到了，去{destination}
        这边不熟，{destination}怎么走
        头一次来这儿，想去{destination}
        请问去{destination}往哪边走
        从现在的位置到{destination}
        最快的路去{destination}
        走高速去{destination}
        避开拥堵去{destination}
        给我找条不堵的路去{destination}
        下班了，去{destination}
        晚上想去{destination}，帮我导一下
        帮我导到{destination}
        领我到{destination}`),
      call: { destination: "{destination}" },
    },
    {
      say: lines(`找{venue}
        找个{venue}
        找一个{venue}
        找一家{venue}
        找家{venue}
        找一下{venue}
        帮我找{venue}
        帮我找个{venue}
        帮我找一下{venue}
        帮我找家{venue}
        给我找个{venue}
        请找一下{venue}
        麻烦找个{venue}
        我要找{venue}
        我想找个{venue}
        我想去个{venue}
        去一下{venue}
        {venue}在哪
        {venue}在哪里
        {venue}在什么地方
        饿了，找个{venue}
        口渴了，找家{venue}
        急，找{venue}
        有点累，找个{venue}休息一下
        在路上找个{venue}
        看看{venue}在哪`),
      call: { destination: "{venue}" },
    },
    {
      say: [
        "回家",
        "带我回家",
        "送我回家",
        "导航回家",
        "我要回家",
        "我想回家",
        "我们回家",
        "怎么回家",
        "回家怎么走",
        "累了，回家",
        "下班了，回家",
        "该回家了，导航",
        "现在回家",
      ],
      call: { destination: "家" },
    },
    {
      say: [
        "回公司",
        "带我回公司",
        "送我回公司",
        "导航回公司",
        "我得回公司",
        "去公司",
        "要迟到了，去公司",
        "我们回公司",
        "怎么回公司",
        "忘拿东西了，回公司",
      ],
      call: { destination: "公司" },
    },
    {
      say: ["回酒店", "带我回酒店", "送我回酒店", "导航回酒店", "逛累了，回酒店"],
      call: { destination: "酒店" },
    },
    {
      say: ["回老家", "导航回老家", "带我回老家", "过年了，回老家"],
      call: { destination: "老家" },
    },
    {
      say: lines(`走路去{destination}
        步行去{destination}
        步行到{destination}
        步行导航到{destination}
        步行导航去{destination}
        我要走路去{destination}
        我想走路去{destination}
        我想走着去{destination}
        走着去{destination}
        走着去{destination}怎么走
        走路去{destination}怎么走
        走过去{destination}
        步行去{destination}怎么走
        带我走路去{destination}
        带我步行去{destination}
        带我走到{destination}
        散步去{destination}
        我想散步去{destination}
        徒步去{destination}
        徒步导航到{destination}
        用步行模式去{destination}
        步行模式，去{destination}
        步行路线到{destination}
        给我去{destination}的步行路线
        规划步行去{destination}的路线
        去{destination}，走路
        去{destination}，我走着去
        去{destination}，步行
        不开车了，走路去{destination}
        我没开车，走路去{destination}`),
      call: { destination: "{destination}", mode: "walking" },
    },
    {
      say: lines(`骑车去{destination}
        骑车到{destination}
        骑行去{destination}
        骑行到{destination}
        骑行导航到{destination}
        骑行导航去{destination}
        骑自行车去{destination}
        骑单车去{destination}
        骑脚踏车去{destination}
        我要骑车去{destination}
        我想骑车去{destination}
        我想骑自行车去{destination}
        骑车去{destination}怎么走
        骑自行车怎么去{destination}
        骑单车到{destination}怎么走
        带我骑车去{destination}
        骑共享单车去{destination}
        去{destination}的骑行路线
        给我去{destination}的骑行路线
        规划骑行去{destination}的路线
        骑行模式，去{destination}
        去{destination}，骑车
        去{destination}，我骑自行车
        今天骑车去{destination}`),
      call: { destination: "{destination}", mode: "cycling" },
    },
    {
      say: lines(`坐地铁去{destination}
        坐地铁到{destination}
        坐公交去{destination}
        坐公交到{destination}
        坐公交车去{destination}
        坐巴士去{destination}
        坐火车去{destination}
        坐高铁去{destination}
        坐捷运去{destination}
        搭地铁去{destination}
        搭公车去{destination}
        搭巴士去{destination}
        乘地铁去{destination}
        乘公交去{destination}
        乘公共交通去{destination}
        我要坐地铁去{destination}
        我想坐地铁去{destination}
        我想坐公交去{destination}
        坐地铁怎么去{destination}
        坐公交怎么去{destination}
        坐公交去{destination}怎么走
        去{destination}坐几路公交
        去{destination}坐几号线
        去{destination}坐哪趟地铁
        到{destination}坐什么车
        公共交通去{destination}
        公交导航去{destination}
        公交路线到{destination}
        用公共交通去{destination}怎么走
        规划坐地铁去{destination}的路线
        地铁去{destination}怎么坐
        带我坐地铁去{destination}
        去{destination}，坐地铁
        去{destination}，我坐公交
        堵车，坐地铁去{destination}`),
      call: { destination: "{destination}", mode: "transit" },
    },
    {
      say: lines(`开车去{destination}
        开车到{destination}
        开车带我去{destination}
        开车送我去{destination}
        我要开车去{destination}
        我想开车去{destination}
        开车去{destination}怎么走
        开车怎么去{destination}
        驾车去{destination}
        驾车到{destination}
        驾车导航到{destination}
        驾车导航去{destination}
        自驾去{destination}
        我们自驾去{destination}
        规划开车去{destination}的路线
        给我去{destination}的驾车路线
        驾车路线到{destination}
        驾车模式，去{destination}
        去{destination}，开车
        去{destination}，我开车去
        今天开车去{destination}
        咱们开车去{destination}`),
      call: { destination: "{destination}", mode: "driving" },
    },
    {
      say: ["走路回家", "步行回家", "走着回家", "我想走路回家", "走回家"],
      call: { destination: "家", mode: "walking" },
    },
    { say: ["骑车回家", "骑行回家", "我要骑自行车回家"], call: { destination: "家", mode: "cycling" } },
    { say: ["坐地铁回家", "坐公交回家", "搭公车回家", "坐地铁怎么回家"], call: { destination: "家", mode: "transit" } },
    { say: ["开车回家", "驾车回家", "我要开车回家"], call: { destination: "家", mode: "driving" } },
  ],
  heldout: [
    {
      say: ["想找{venue}", "我得找个{venue}", "帮忙找家{venue}", "{venue}在哪儿呢"],
      call: { destination: "{venue}" },
    },
    {
      say: lines(`把导航定到{destination}
        导到{destination}
        直接去{destination}
        我要前往{destination}
        请带路到{destination}
        麻烦送我们到{destination}
        我打算去{destination}
        咱去{destination}
        往{destination}开
        换个目的地，{destination}
        搞错了，我是要去{destination}
        想问下{destination}该怎么走
        {destination}在哪边，带我过去
        给我一条到{destination}的路线
        朋友约我，导航至{destination}
        时间不早了，送我去{destination}`),
      call: { destination: "{destination}" },
    },
    {
      say: lines(`我想步行前往{destination}
        靠走的去{destination}
        走路导航到{destination}
        走几步去{destination}`),
      call: { destination: "{destination}", mode: "walking" },
    },
    {
      say: ["骑着单车去{destination}", "我骑行前往{destination}", "骑车导航至{destination}"],
      call: { destination: "{destination}", mode: "cycling" },
    },
    {
      say: [
        "我打算坐地铁去{destination}",
        "乘公交车到{destination}",
        "坐轻轨去{destination}",
        "搭地铁怎么到{destination}",
      ],
      call: { destination: "{destination}", mode: "transit" },
    },
    {
      say: ["我开车前往{destination}", "驾车带我去{destination}"],
      call: { destination: "{destination}", mode: "driving" },
    },
    { say: ["好累，送我回家", "收工了，回家", "请导航回家"], call: { destination: "家" } },
  ],
};
