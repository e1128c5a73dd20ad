// Air conditioning. 空调 is `on`, 冷气 and 制冷 are `cool`, 暖气, 暖风 and 制热 are `heat`; a complaint is `change`,
// but beside a figure the figure alone counts (太热了，调到二十度).
import { lines } from "../compose.mjs";

const train = [
  {
    say: lines(`{degrees}度
      空调{degrees}度
      空调调到{degrees}度
      空调开到{degrees}度
      空调设为{degrees}度
      空调设成{degrees}度
      空调设定{degrees}度
      空调温度{degrees}度
      空调温度调到{degrees}度
      空调温度设为{degrees}度
      温度{degrees}度
      温度调到{degrees}度
      温度调成{degrees}度
      温度设为{degrees}度
      温度设成{degrees}度
      温度设置为{degrees}度
      温度定在{degrees}度
      温度改成{degrees}度
      温度开到{degrees}度
      温度升到{degrees}度
      温度降到{degrees}度
      温度加到{degrees}度
      调到{degrees}度
      调成{degrees}度
      设成{degrees}度
      开到{degrees}度
      升到{degrees}度
      降到{degrees}度
      把空调调到{degrees}度
      把空调开到{degrees}度
      把空调设到{degrees}度
      把空调温度调到{degrees}度
      把温度调到{degrees}度
      把温度调成{degrees}度
      把温度设为{degrees}度
      把温度设定在{degrees}度
      把温度升到{degrees}度
      把温度降到{degrees}度
      把温度调高到{degrees}度
      把温度调低到{degrees}度
      把车里温度调到{degrees}度
      把车内温度设为{degrees}度
      车里调到{degrees}度
      车内温度{degrees}度
      车内温度调到{degrees}度
      车里要{degrees}度
      我要{degrees}度
      我想要{degrees}度
      设置温度{degrees}度
      设置空调{degrees}度
      调节温度到{degrees}度
      调温到{degrees}度
      帮我把空调调到{degrees}度
      帮我把温度调到{degrees}度
      帮我调到{degrees}度
      帮我开到{degrees}度
      请把温度调到{degrees}度
      请把空调设为{degrees}度
      请将温度设为{degrees}度
      麻烦把温度调到{degrees}度
      太热了，调到{degrees}度
      太热了，空调开到{degrees}度
      好热，温度降到{degrees}度
      热死了，空调{degrees}度
      有点热，调到{degrees}度
      太冷了，调到{degrees}度
      太冷了，温度升到{degrees}度
      好冷，空调调到{degrees}度
      有点冷，开到{degrees}度
      冻死了，调到{degrees}度
      能把空调调到{degrees}度吗
      能不能调到{degrees}度
      可以把温度调到{degrees}度吗
      空调{degrees}摄氏度
      温度调到{degrees}摄氏度
      给我调到{degrees}度
      给我{degrees}度
      保持{degrees}度
      恒温{degrees}度
      {degrees}度就行
      {degrees}度就够了
      就{degrees}度`),
    call: { temperature: "{degrees}" },
  },
  {
    say: lines(`风速{fan}档
      风速{fan}挡
      风速调到{fan}档
      风速调到{fan}
      风速调成{fan}档
      风速开到{fan}档
      风速设为{fan}档
      风速设为{fan}
      风速设成{fan}档
      风速加到{fan}档
      风速降到{fan}档
      风量{fan}档
      风量{fan}
      风量调到{fan}档
      风量调到{fan}
      风量开到{fan}档
      风量设为{fan}档
      风量改成{fan}档
      风力{fan}档
      风力调到{fan}档
      风力{fan}级
      风速{fan}级
      风扇{fan}档
      风扇开到{fan}档
      风扇调到{fan}档
      空调风速{fan}档
      空调风速调到{fan}档
      空调风量调到{fan}档
      空调风量{fan}档
      空调风开到{fan}档
      空调{fan}档风
      出风{fan}档
      出风量调到{fan}档
      鼓风机调到{fan}档
      把风速调到{fan}档
      把风速调成{fan}档
      把风速开到{fan}档
      把风速设为{fan}
      把风量调到{fan}档
      把风量设为{fan}档
      把风力调到{fan}档
      把风调到{fan}档
      把风扇调到{fan}档
      把风开到{fan}档
      把空调风速调到{fan}档
      把空调风量开到{fan}档
      风开到{fan}档
      风调到{fan}档
      吹{fan}档风
      设置风速{fan}档
      设置风量为{fan}档
      帮我把风速调到{fan}档
      帮我把风量开到{fan}档
      请把风速调到{fan}档
      麻烦把风量调到{fan}档
      风太大了，调到{fan}档
      风太小了，风速调到{fan}档
      风太大，风量调到{fan}档
      能把风速调到{fan}档吗
      可以把风量开到{fan}档吗`),
    call: { fan: "{fan}" },
  },
  {
    say: lines(`打开空调
      开空调
      开一下空调
      开启空调
      空调打开
      空调开一下
      把空调打开
      把空调开了
      把空调开起来
      启动空调
      帮我开空调
      帮我打开空调
      帮我把空调打开
      请打开空调
      麻烦开一下空调
      给我开空调
      我要开空调
      我想开空调
      开个空调
      空调怎么没开，打开
      可以开空调吗
      能开空调吗
      能把空调打开吗
      太闷了，开空调
      有点闷，打开空调
      上车先开空调
      重新打开空调`),
    call: { mode: "on" },
  },
  {
    say: lines(`关闭空调
      关空调
      关掉空调
      关一下空调
      空调关了
      空调关掉
      空调关闭
      空调关一下
      把空调关了
      把空调关掉
      把空调关上
      帮我关空调
      帮我关掉空调
      帮我把空调关了
      请关闭空调
      麻烦关一下空调
      不要空调
      不要开空调
      不用开空调了
      不开空调了
      别开空调了
      停掉空调
      停止空调
      不想吹空调了
      不吹空调了
      省点电，关空调
      空调可以关了
      可以关空调吗
      能把空调关了吗
      要下车了，关空调
      到了，把空调关掉
      空调吹得头疼，关了
      先把空调停了`),
    call: { mode: "off" },
  },
  {
    say: lines(`制冷
      打开制冷
      开制冷
      开启制冷
      制冷模式
      制冷打开
      切换到制冷
      切到制冷模式
      空调制冷
      空调开制冷
      空调调到制冷
      空调调成制冷模式
      把空调调成制冷
      把制冷打开
      开冷气
      打开冷气
      冷气打开
      把冷气打开
      开点冷气
      开一下冷气
      吹冷风
      开冷风
      打开冷风
      来点冷风
      冷风打开
      给车里降温
      给车里制冷
      把车里降降温
      车里降温
      快速降温
      给车厢降温
      帮我开冷气
      帮我打开制冷
      请打开制冷
      我要吹冷气
      我想吹冷风
      能开冷气吗
      用空调制冷`),
    call: { mode: "cool" },
  },
  {
    say: lines(`制热
      打开制热
      开制热
      开启制热
      制热模式
      加热模式
      制热打开
      切换到制热
      切到制热模式
      空调制热
      空调开制热
      空调调到制热
      空调调成制热模式
      把空调调成制热
      把制热打开
      开暖气
      打开暖气
      暖气打开
      把暖气打开
      把暖气开开
      开点暖气
      开一下暖气
      开暖风
      打开暖风
      把暖风打开
      把暖风开起来
      暖风打开
      吹暖风
      吹热风
      开热风
      打开热风
      来点热风
      来点暖风
      开暖空调
      给车里加热
      给车里制热
      给车里升温
      车里升温
      把车里暖起来
      帮我开暖气
      帮我开暖风
      请打开暖风
      我要开暖气
      我想吹暖风
      能开暖气吗
      用空调制热`),
    call: { mode: "heat" },
  },
  {
    say: lines(`除雾
      除霜
      前挡除雾
      前挡除霜
      前除雾
      前除霜
      打开除雾
      打开除霜
      打开前除雾
      打开前挡风玻璃除雾
      打开挡风玻璃除霜
      开除雾
      开启除雾
      开启除霜
      除雾模式
      除霜模式
      把除雾打开
      把除霜打开
      玻璃除雾
      玻璃除霜
      给玻璃除雾
      给前挡风玻璃除雾
      给挡风玻璃除霜
      挡风玻璃除雾
      把玻璃上的雾除掉
      把前挡的雾吹掉
      把挡风玻璃吹干净
      把雾气去掉
      吹一下挡风玻璃
      吹前挡
      风吹前挡
      玻璃起雾了
      前挡起雾了
      前挡风玻璃起雾了
      挡风玻璃起雾了
      挡风玻璃上全是雾
      玻璃上都是雾
      玻璃都是雾气，看不清
      前面玻璃起雾，看不清路
      前面雾蒙蒙的，玻璃起雾了
      玻璃起雾，除一下
      玻璃结霜了
      挡风玻璃结霜了
      前挡结冰了，除霜
      前窗起雾了，帮我除雾
      玻璃花了，全是雾气
      帮我除雾
      帮我除一下雾
      帮我打开除霜
      请打开除雾
      麻烦除一下雾
      能除雾吗
      能把玻璃上的雾去掉吗
      看不清前面，玻璃有雾
      下雨玻璃起雾了，打开除雾`),
    call: { mode: "defrost" },
  },
  {
    say: lines(`内循环
      打开内循环
      开内循环
      开启内循环
      内循环打开
      内循环模式
      切换到内循环
      切到内循环
      换成内循环
      调成内循环
      改成内循环
      空调内循环
      空调开内循环
      空调切到内循环
      空调调成内循环
      把内循环打开
      把空调调到内循环
      把空调换成内循环
      用内循环
      车内循环
      车内空气循环
      关外循环
      关闭外循环
      关掉外循环
      把外循环关了
      把外循环关掉
      不要外循环
      外面的空气别进来
      别让外面的空气进来
      不要外面的空气
      不要进外面的风
      关掉外面的进风
      隔绝外面的空气
      外面好臭，开内循环
      外面有味道，打开内循环
      外面空气不好，开内循环
      外面有烟，开内循环
      外面雾霾，开内循环
      前面的车尾气好大，开内循环
      尾气味进来了，切内循环
      进隧道了，开内循环
      帮我开内循环
      帮我打开内循环
      请打开内循环
      麻烦开一下内循环
      能开内循环吗`),
    call: { mode: "recirculate" },
  },
  {
    say: lines(`有点冷
      我冷
      我好冷
      我有点冷
      好冷
      好冷啊
      太冷了
      太冷啦
      冷死了
      冷死我了
      冻死了
      冻死我了
      我快冻死了
      我快冻僵了
      冷得发抖
      我在发抖
      手都冻僵了
      手好冷
      脚好冷
      脚都冻麻了
      怎么这么冷
      这么冷
      车里好冷
      车里太冷了
      车里有点冷
      车里跟冰箱一样
      这里面好冷
      空调太冷了
      空调有点冷
      空调吹得好冷
      冷气太强了
      冷气太冷
      觉得冷
      我觉得有点冷
      感觉有点冷
      感觉冷飕飕的
      凉飕飕的
      有点凉
      暖一点
      暖和一点
      暖和点
      热一点
      再暖一点
      再热一点
      更暖一点
      调暖一点
      调热一点
      调高温度
      温度高一点
      温度高点
      温度调高
      温度调高一点
      温度调高点
      温度升高一点
      温度太低了
      温度有点低
      升高温度
      升温
      升一点温度
      把温度调高
      把温度调高一点
      把温度升高一点
      把空调调高一点
      把空调温度调高点
      把空调调暖一点
      把车里弄暖和点
      空调调高一点
      空调温度高一点
      空调别那么冷
      别那么冷
      不要这么冷
      不要那么冷
      能暖和一点吗
      能调高一点温度吗
      可以热一点吗
      可以把温度调高点吗
      帮我调高温度
      帮我把温度调高一点
      请把温度调高一点
      让车里暖和点
      外面下雪了，车里暖和一点`),
    call: { change: "warmer" },
  },
  {
    say: lines(`有点热
      我热
      我好热
      我有点热
      好热
      好热啊
      太热了
      太热啦
      热死了
      热死我了
      热坏了
      我快热死了
      热得受不了
      热得冒汗
      我在出汗
      我满头大汗
      汗都出来了
      怎么这么热
      这么热
      车里好热
      车里太热了
      车里有点热
      车里跟蒸笼一样
      车里像桑拿房
      这里面好热
      空调太热了
      空调不够凉
      空调不够冷
      暖气太热了
      暖风吹得太热
      觉得热
      我觉得有点热
      感觉有点热
      感觉闷热
      又闷又热
      凉一点
      凉快一点
      凉快点
      冷一点
      再凉一点
      再冷一点
      更凉一点
      调凉一点
      调冷一点
      调低温度
      温度低一点
      温度低点
      温度调低
      温度调低一点
      温度调低点
      温度降低一点
      温度太高了
      温度有点高
      降低温度
      降温
      降一点温度
      降降温
      把温度调低
      把温度调低一点
      把温度降低一点
      把温度降下来
      把空调调低一点
      把空调温度调低点
      把空调调凉一点
      把车里弄凉快点
      空调调低一点
      空调温度低一点
      别那么热
      不要这么热
      不要那么热
      能凉快一点吗
      能调低一点温度吗
      可以凉一点吗
      可以把温度调低点吗
      帮我调低温度
      帮我把温度调低一点
      请把温度调低一点
      让车里凉快点
      太阳晒得好热`),
    call: { change: "cooler" },
  },
  {
    say: lines(`空调{degrees}度，风速{fan}档
      空调{degrees}度{fan}档风
      空调{degrees}度，{fan}档风
      空调调到{degrees}度，风速{fan}档
      空调调到{degrees}度，风量{fan}档
      空调开到{degrees}度，风量调到{fan}档
      温度{degrees}度，风速{fan}档
      温度{degrees}度风量{fan}
      温度调到{degrees}度，风速调到{fan}档
      温度设为{degrees}度，风速设为{fan}档
      把温度调到{degrees}度，风速调到{fan}档
      把空调调到{degrees}度，风开到{fan}档
      把空调设成{degrees}度，{fan}档
      调到{degrees}度，风量{fan}档
      {degrees}度，{fan}档风
      {degrees}度，风速{fan}档
      {degrees}度{fan}档
      帮我调到{degrees}度，风速{fan}档
      风速{fan}档，{degrees}度
      风速{fan}档，温度{degrees}度
      风量调到{fan}档，温度调到{degrees}度
      太热了，空调{degrees}度，风速{fan}档`),
    call: { temperature: "{degrees}", fan: "{fan}" },
  },
  {
    say: lines(`打开空调，{degrees}度
      打开空调，调到{degrees}度
      打开空调，温度调到{degrees}度
      打开空调，设为{degrees}度
      打开空调并调到{degrees}度
      开空调，{degrees}度
      开空调，调到{degrees}度
      开空调{degrees}度
      把空调打开，调到{degrees}度
      把空调打开，{degrees}度
      把空调打开，温度设成{degrees}度
      空调打开，{degrees}度
      空调打开，调到{degrees}度
      开启空调，温度{degrees}度
      帮我开空调，{degrees}度
      帮我打开空调，调到{degrees}度
      请打开空调，{degrees}度
      我想开空调，{degrees}度就行`),
    call: { temperature: "{degrees}", mode: "on" },
  },
  {
    say: lines(`制冷{degrees}度
      制冷，{degrees}度
      空调制冷{degrees}度
      空调制冷到{degrees}度
      空调制冷，调到{degrees}度
      打开制冷，{degrees}度
      打开制冷，温度{degrees}度
      打开制冷，调到{degrees}度
      制冷模式{degrees}度
      制冷模式，{degrees}度
      开冷气，{degrees}度
      开冷气，调到{degrees}度
      冷气{degrees}度
      冷气调到{degrees}度
      冷气开到{degrees}度
      冷风{degrees}度
      开冷风，{degrees}度`),
    call: { temperature: "{degrees}", mode: "cool" },
  },
  {
    say: lines(`制热{degrees}度
      制热，{degrees}度
      空调制热{degrees}度
      空调制热到{degrees}度
      空调制热，调到{degrees}度
      打开制热，{degrees}度
      打开制热，温度{degrees}度
      制热模式{degrees}度
      制热模式，{degrees}度
      开暖气，{degrees}度
      开暖气，调到{degrees}度
      暖气{degrees}度
      暖气开到{degrees}度
      暖气调到{degrees}度
      暖风{degrees}度
      暖风开到{degrees}度
      开暖风，{degrees}度
      打开暖风，调到{degrees}度`),
    call: { temperature: "{degrees}", mode: "heat" },
  },
  {
    say: lines(`打开空调，风速{fan}档
      打开空调，风量调到{fan}档
      打开空调，{fan}档风
      开空调，风速{fan}档
      开空调，{fan}档
      把空调打开，风量{fan}档
      空调打开，风速调到{fan}档`),
    call: { fan: "{fan}", mode: "on" },
  },
  {
    say: lines(`制冷，风速{fan}档
      打开制冷，风速{fan}档
      开冷气，风量{fan}档
      冷风{fan}档
      冷风开到{fan}档
      冷气{fan}档`),
    call: { fan: "{fan}", mode: "cool" },
  },
  {
    say: lines(`制热，风速{fan}档
      打开制热，风量{fan}档
      开暖气，风速{fan}档
      暖风{fan}档
      暖风开到{fan}档
      热风{fan}档`),
    call: { fan: "{fan}", mode: "heat" },
  },
  {
    say: ["除雾，风速{fan}档", "打开除霜，风量{fan}档", "前挡除雾，风开到{fan}档", "玻璃起雾了，除雾，风速{fan}档"],
    call: { fan: "{fan}", mode: "defrost" },
  },
  {
    say: lines(`开空调，{degrees}度，风速{fan}档
      打开空调，{degrees}度，{fan}档风
      打开空调，温度{degrees}度，风量{fan}档
      把空调打开，调到{degrees}度，风速{fan}档`),
    call: { temperature: "{degrees}", fan: "{fan}", mode: "on" },
  },
  {
    say: ["制冷{degrees}度，风速{fan}档", "空调制冷，{degrees}度，{fan}档风", "开冷气，{degrees}度，风量{fan}档"],
    call: { temperature: "{degrees}", fan: "{fan}", mode: "cool" },
  },
  {
    say: ["制热{degrees}度，风速{fan}档", "空调制热，{degrees}度，{fan}档风", "开暖风，{degrees}度，风量{fan}档"],
    call: { temperature: "{degrees}", fan: "{fan}", mode: "heat" },
  },
  {
    say: lines(`{zone}{degrees}度
      {zone}调到{degrees}度
      {zone}温度{degrees}度
      {zone}温度调到{degrees}度
      {zone}温度设为{degrees}度
      {zone}的温度调到{degrees}度
      {zone}空调{degrees}度
      {zone}空调调到{degrees}度
      {zone}空调开到{degrees}度
      {zone}的空调调到{degrees}度
      把{zone}调到{degrees}度
      把{zone}温度调到{degrees}度
      把{zone}的温度调到{degrees}度
      把{zone}的温度设为{degrees}度
      把{zone}的温度升到{degrees}度
      把{zone}的温度降到{degrees}度
      把{zone}空调调到{degrees}度
      把{zone}的空调调到{degrees}度
      把{zone}的空调设成{degrees}度
      给{zone}调到{degrees}度
      给{zone}设{degrees}度
      帮我把{zone}调到{degrees}度
      帮我把{zone}的温度调到{degrees}度
      请把{zone}温度设为{degrees}度
      {zone}要{degrees}度
      {zone}太热，调到{degrees}度
      {zone}太冷了，调到{degrees}度`),
    call: { temperature: "{degrees}", zone: "{zone}" },
  },
  {
    say: lines(`给{passenger}调到{degrees}度
      给{passenger}把温度调到{degrees}度
      给{passenger}把空调设为{degrees}度
      为{passenger}把温度设成{degrees}度
      {passenger}要{degrees}度
      {passenger}想要{degrees}度
      {passenger}说要{degrees}度
      {passenger}觉得冷，调到{degrees}度
      {passenger}觉得热，温度调到{degrees}度`),
    call: { temperature: "{degrees}", zone: "{passenger}" },
  },
  {
    say: lines(`{zone}风速{fan}档
      {zone}风速调到{fan}档
      {zone}风量{fan}档
      {zone}的风量调到{fan}档
      {zone}的风开到{fan}档
      把{zone}风速调到{fan}档
      把{zone}的风速调到{fan}档
      把{zone}的风量设为{fan}档
      把{zone}空调风量调到{fan}档
      {zone}空调风速{fan}档
      帮我把{zone}的风速调到{fan}档
      给{zone}吹{fan}档风`),
    call: { fan: "{fan}", zone: "{zone}" },
  },
  {
    say: lines(`打开{zone}空调
      打开{zone}的空调
      开{zone}空调
      开启{zone}空调
      把{zone}空调打开
      把{zone}的空调打开
      {zone}空调打开
      {zone}开空调
      给{zone}开空调
      帮我打开{zone}的空调
      请打开{zone}空调
      {zone}也开空调`),
    call: { mode: "on", zone: "{zone}" },
  },
  {
    say: ["给{passenger}开空调", "给{passenger}把空调打开", "帮{passenger}开空调", "为{passenger}打开空调"],
    call: { mode: "on", zone: "{passenger}" },
  },
  {
    say: lines(`关闭{zone}空调
      关掉{zone}空调
      关掉{zone}的空调
      关{zone}空调
      把{zone}空调关了
      把{zone}的空调关掉
      {zone}空调关了
      {zone}空调关闭
      {zone}不用开空调`),
    call: { mode: "off", zone: "{zone}" },
  },
  {
    say: ["后排没人，把后排空调关了", "后面没人，关掉后面的空调", "后座没人坐，后座空调关掉", "后排空调不用开了"],
    call: { mode: "off", zone: "rear" },
  },
  {
    say: lines(`{zone}制冷
      {zone}打开制冷
      {zone}开冷气
      给{zone}开冷气
      给{zone}制冷
      打开{zone}冷气
      把{zone}调成制冷`),
    call: { mode: "cool", zone: "{zone}" },
  },
  {
    say: lines(`{zone}制热
      {zone}开暖气
      {zone}开暖风
      给{zone}开暖气
      给{zone}开暖风
      给{zone}制热
      打开{zone}暖风
      把{zone}的暖气打开`),
    call: { mode: "heat", zone: "{zone}" },
  },
  {
    say: ["给{passenger}开暖气", "给{passenger}开点暖风", "帮{passenger}把暖气打开"],
    call: { mode: "heat", zone: "{passenger}" },
  },
  {
    say: lines(`{zone}有点冷
      {zone}太冷了
      {zone}好冷
      {zone}冷
      {zone}暖一点
      {zone}暖和一点
      {zone}热一点
      {zone}温度高一点
      {zone}温度调高
      {zone}温度调高一点
      {zone}的温度高一点
      {zone}空调调高一点
      把{zone}调暖一点
      把{zone}温度调高
      把{zone}的温度调高一点
      把{zone}的空调调高点
      给{zone}暖和点
      给{zone}调热一点
      让{zone}暖和一点
      {zone}别那么冷
      {zone}的空调太冷了
      帮我把{zone}的温度调高`),
    call: { change: "warmer", zone: "{zone}" },
  },
  {
    say: lines(`{passenger}有点冷
      {passenger}冷
      {passenger}觉得冷
      {passenger}说冷
      {passenger}说有点冷
      {passenger}说太冷了
      {passenger}在发抖
      {passenger}冻坏了
      给{passenger}暖一点
      给{passenger}调热一点
      给{passenger}把温度调高
      让{passenger}暖和点
      别把{passenger}冻着了`),
    call: { change: "warmer", zone: "{passenger}" },
  },
  {
    say: lines(`{zone}有点热
      {zone}太热了
      {zone}好热
      {zone}热
      {zone}凉一点
      {zone}凉快一点
      {zone}冷一点
      {zone}温度低一点
      {zone}温度调低
      {zone}温度调低一点
      {zone}的温度低一点
      {zone}空调调低一点
      把{zone}调凉一点
      把{zone}温度调低
      把{zone}的温度调低一点
      把{zone}的空调调低点
      给{zone}凉快点
      给{zone}调凉一点
      让{zone}凉快一点
      {zone}别那么热
      {zone}的暖气太热了
      帮我把{zone}的温度调低`),
    call: { change: "cooler", zone: "{zone}" },
  },
  {
    say: lines(`{passenger}有点热
      {passenger}热
      {passenger}觉得热
      {passenger}说热
      {passenger}说有点热
      {passenger}说太热了
      {passenger}出汗了
      {passenger}热坏了
      给{passenger}凉一点
      给{passenger}调凉一点
      给{passenger}把温度调低
      让{passenger}凉快点`),
    call: { change: "cooler", zone: "{passenger}" },
  },
  {
    say: lines(`{zone}{degrees}度，风速{fan}档
      {zone}温度{degrees}度，风量{fan}档
      把{zone}调到{degrees}度，风速{fan}档
      {zone}空调调到{degrees}度，{fan}档风`),
    call: { temperature: "{degrees}", fan: "{fan}", zone: "{zone}" },
  },
  {
    say: [
      "打开{zone}空调，{degrees}度",
      "打开{zone}的空调，调到{degrees}度",
      "把{zone}空调打开，温度{degrees}度",
      "开{zone}空调，{degrees}度",
    ],
    call: { temperature: "{degrees}", mode: "on", zone: "{zone}" },
  },
  {
    say: ["{zone}制冷{degrees}度", "{zone}开冷气，{degrees}度", "给{zone}制冷，调到{degrees}度"],
    call: { temperature: "{degrees}", mode: "cool", zone: "{zone}" },
  },
  {
    say: ["{zone}制热{degrees}度", "{zone}开暖风，{degrees}度", "给{zone}开暖气，调到{degrees}度"],
    call: { temperature: "{degrees}", mode: "heat", zone: "{zone}" },
  },
];

const heldout = [
  {
    say: lines(`室温给我弄到{degrees}度
      麻烦空调设置{degrees}度
      把车厢温度定为{degrees}度
      我觉得{degrees}度正好，调一下
      空调给打到{degrees}度
      温度往上调到{degrees}度
      里头太闷热，温度设{degrees}度
      车里温度帮我设{degrees}度`),
    call: { temperature: "{degrees}" },
  },
  {
    say: ["把出风量设成{fan}档", "空调的风给我{fan}档", "风打到{fan}档", "鼓风{fan}档", "麻烦风速设置{fan}档"],
    call: { fan: "{fan}" },
  },
  { say: ["给咱把空调开开", "空调启动一下", "空调给我打开"], call: { mode: "on" } },
  { say: ["空调给我关了", "空调别吹了，关掉", "把空调停掉"], call: { mode: "off" } },
  { say: ["空调换到制冷", "麻烦吹点冷气", "冷气给我开开"], call: { mode: "cool" } },
  { say: ["空调换到制热", "麻烦吹点暖气", "热风给我开开"], call: { mode: "heat" } },
  {
    say: ["前窗一层雾，看不见了", "把风挡上的雾吹走", "帮忙给前玻璃除霜", "挡风玻璃雾气好重"],
    call: { mode: "defrost" },
  },
  { say: ["外循环给我关上", "改用内循环", "别吸外面的脏空气，内循环"], call: { mode: "recirculate" } },
  {
    say: ["我冻得不行", "感觉挺冷的", "车里冰冰凉的", "温度往上升一点", "再调暖和些", "冷得我直哆嗦", "空调开得太凉了"],
    call: { change: "warmer" },
  },
  {
    say: ["我热得不行", "感觉挺热的", "车里像个火炉", "温度往下降一点", "再调凉快些", "我都热出汗了", "闷死了，凉快点"],
    call: { change: "cooler" },
  },
  {
    say: ["空调给我{degrees}度，风{fan}档", "温度设{degrees}度，出风{fan}档"],
    call: { temperature: "{degrees}", fan: "{fan}" },
  },
  { say: ["空调启动，温度{degrees}度", "麻烦开空调，设{degrees}度"], call: { temperature: "{degrees}", mode: "on" } },
  { say: ["吹冷气，{degrees}度"], call: { temperature: "{degrees}", mode: "cool" } },
  { say: ["吹暖气，{degrees}度"], call: { temperature: "{degrees}", mode: "heat" } },
  {
    say: ["{zone}那块儿温度设{degrees}度", "麻烦{zone}给调成{degrees}度", "{zone}的空调定在{degrees}度"],
    call: { temperature: "{degrees}", zone: "{zone}" },
  },
  { say: ["{zone}风速设{fan}档", "把{zone}的出风调到{fan}档"], call: { fan: "{fan}", zone: "{zone}" } },
  { say: ["{zone}的空调开一下", "麻烦把{zone}空调启动"], call: { mode: "on", zone: "{zone}" } },
  { say: ["{zone}的空调停了", "{zone}空调不用了，关掉"], call: { mode: "off", zone: "{zone}" } },
  { say: ["{zone}挺冷的", "{zone}温度升一点", "麻烦{zone}调暖和些"], call: { change: "warmer", zone: "{zone}" } },
  { say: ["{passenger}喊冷", "{passenger}感觉冷"], call: { change: "warmer", zone: "{passenger}" } },
  { say: ["{zone}挺热的", "{zone}温度降一点", "麻烦{zone}调凉快些"], call: { change: "cooler", zone: "{zone}" } },
  { say: ["{passenger}喊热", "{passenger}感觉热"], call: { change: "cooler", zone: "{passenger}" } },
];

export const set_climate = { train, heldout };
