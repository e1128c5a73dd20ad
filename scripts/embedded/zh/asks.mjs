// biome-ignore-all lint/suspicious/noThenProperty: `then` is the user's next turn, plain data that nobody awaits
// Requests that lack something: the short question, what the user says next, and the call that follows.
import { lines } from "./compose.mjs";

const train = [
  {
    tool: "navigate",
    say: lines(`导航
      打开导航
      开导航
      开始导航
      帮我导航
      帮我导航一下
      请导航
      给我导航
      我要导航
      启动导航
      带路
      帮我带路
      我想出发了，导航
      帮我规划路线
      规划一下路线
      给我指路
      我要去一个地方
      我想去个地方
      带我去个地方
      我们出发
      出发
      走吧，导航
      设置目的地
      换个目的地
      改目的地`),
    reply: ["去哪里？", "您要去哪里？", "好的，去哪儿？", "目的地是哪里？", "要导航到哪里？"],
    then: lines(`{destination}
      去{destination}
      到{destination}
      我要去{destination}
      {destination}，谢谢
      就去{destination}
      嗯，{destination}
      带我去{destination}
      导航到{destination}`),
    call: { destination: "{destination}" },
  },
  {
    tool: "navigate",
    say: ["步行导航", "打开步行导航", "我想走路去一个地方", "开始步行导航", "用步行导航"],
    reply: ["走到哪里？", "要走去哪里？", "步行去哪里？"],
    then: ["{destination}", "去{destination}", "到{destination}", "{destination}，谢谢"],
    call: { destination: "{destination}", mode: "walking" },
  },
  {
    tool: "navigate",
    say: ["骑行导航", "打开骑行导航", "我想骑车去一个地方", "开始骑行导航", "用骑车导航"],
    reply: ["骑到哪里？", "要骑车去哪里？"],
    then: ["{destination}", "去{destination}", "到{destination}", "{destination}，谢谢"],
    call: { destination: "{destination}", mode: "cycling" },
  },
  {
    tool: "navigate",
    say: ["公交导航", "我想坐地铁去一个地方", "打开公交导航", "查公交路线", "坐地铁怎么走"],
    reply: ["坐车去哪里？", "要坐车到哪里？"],
    then: ["{destination}", "去{destination}", "到{destination}", "{destination}，谢谢"],
    call: { destination: "{destination}", mode: "transit" },
  },
  {
    tool: "draft_message",
    say: lines(`给{recipient}发消息
      给{recipient}发个消息
      给{recipient}发条消息
      给{recipient}发短信
      给{recipient}发条短信
      给{recipient}发微信
      给{recipient}发个微信
      给{recipient}发信息
      给{recipient}留个言
      给{recipient}写条消息
      给{recipient}回个消息
      给{recipient}回微信
      帮我给{recipient}发消息
      帮我给{recipient}发个微信
      帮我给{recipient}发条短信
      帮我回复{recipient}
      回复{recipient}
      我要给{recipient}发消息
      我想给{recipient}发个微信
      请给{recipient}发消息
      麻烦给{recipient}发条消息
      发消息给{recipient}
      发个消息给{recipient}
      发短信给{recipient}
      发微信给{recipient}
      发条微信给{recipient}
      能给{recipient}发个消息吗
      可以给{recipient}发微信吗
      有事要告诉{recipient}，发条消息
      我有话跟{recipient}说`),
    reply: ["要说什么？", "消息内容是什么？", "想说什么？", "发什么内容？", "要告诉对方什么？"],
    then: lines(`{text}
      说{text}
      就说{text}
      内容是{text}
      告诉他{text}
      告诉她{text}
      写{text}
      {text}，就这样`),
    call: { recipient: "{recipient}", text: "{text}" },
  },
  {
    tool: "draft_message",
    say: lines(`发消息说{text}
      发个消息说{text}
      发条消息：{text}
      发短信说{text}
      发条短信，内容是{text}
      发微信说{text}
      发个微信：{text}
      帮我发个消息，就说{text}
      帮我发微信说{text}
      写条消息：{text}
      我要发消息说{text}`),
    reply: ["发给谁？", "要发给谁？", "收件人是谁？", "给谁发？"],
    then: lines(`{recipient}
      给{recipient}
      发给{recipient}
      {recipient}，谢谢
      就发给{recipient}
      嗯，{recipient}`),
    call: { recipient: "{recipient}", text: "{text}" },
  },
  {
    tool: "draft_message",
    say: lines(`发消息
      发个消息
      发条消息
      发短信
      发条短信
      发微信
      发个微信
      写消息
      我要发消息
      我想发个微信
      帮我发个消息
      帮我发条短信
      帮我发微信
      请发条消息
      麻烦帮我发个消息
      新建一条消息
      能帮我发个消息吗`),
    reply: ["发给谁？", "要发给谁？", "给谁发？"],
    then: lines(`给{recipient}，说{text}
      给{recipient}，就说{text}
      发给{recipient}，内容是{text}
      给{recipient}说{text}
      {recipient}，告诉他{text}
      发给{recipient}：{text}`),
    call: { recipient: "{recipient}", text: "{text}" },
  },
  {
    tool: "search_web",
    say: lines(`搜索
      搜索一下
      上网搜
      上网搜一下
      上网查一下
      上网查个东西
      帮我搜一下
      帮我搜个东西
      帮我上网查点东西
      帮我查个东西
      帮我查点资料
      查一下
      查个东西
      查资料
      我要搜索
      我想查个东西
      我想上网查点东西
      打开搜索
      百度一下
      谷歌一下
      网上查一下
      请搜索
      能帮我搜个东西吗`),
    reply: ["搜什么？", "要查什么？", "您想搜什么？", "要搜索什么内容？"],
    then: lines(`{query}
      搜{query}
      查{query}
      我想查{query}
      就查{query}
      查一下{query}
      {query}，谢谢
      嗯，{query}`),
    call: { query: "{query}" },
  },
  {
    tool: "translate_caption",
    say: lines(`打开字幕
      开字幕
      显示字幕
      开启字幕
      我要字幕
      给我字幕
      把字幕打开
      字幕打开
      翻译
      翻译一下
      帮我翻译
      帮我翻译一下
      实时翻译
      打开实时翻译
      打开翻译
      翻译他说的话
      帮我翻译他说的
      把他说的翻译一下
      翻译一下她在说什么
      换一种字幕语言
      字幕换个语言
      我听不懂，帮我翻译
      我听不懂他说什么
      能翻译一下吗
      同声传译`),
    reply: ["要哪种语言？", "翻译成什么语言？", "字幕用什么语言？", "用哪种语言显示？"],
    then: lines(`{language}
      {language}的
      翻译成{language}
      {language}，谢谢
      用{language}
      要{language}
      换成{language}
      嗯，{language}`),
    call: { language: "{language}" },
  },
  {
    tool: "set_climate",
    say: lines(`设置温度
      设定温度
      调温度
      调一下温度
      调节温度
      帮我调温度
      帮我调一下温度
      帮我设一下温度
      我想调温度
      我要调一下温度
      改一下温度
      改变温度
      请设置温度
      把温度调一下
      把温度改一下
      把空调温度调一下
      空调温度调一下
      设一下空调温度
      温度换一个
      能调一下温度吗`),
    reply: ["调到多少度？", "要多少度？", "设为几度？", "您想要多少度？"],
    then: lines(`{degrees}度
      {degrees}
      调到{degrees}度
      {degrees}度吧
      {degrees}度，谢谢
      设成{degrees}度
      就{degrees}度
      嗯，{degrees}度`),
    call: { temperature: "{degrees}" },
  },
  {
    tool: "set_climate",
    say: lines(`调风速
      调一下风速
      设置风速
      设定风量
      调节风量
      把风速调一下
      把风量改一下
      我想调风速
      帮我调一下风量
      帮我设一下风速
      改一下风速
      空调风量调一下`),
    reply: ["调到几档？", "风速要几档？", "要几档风？"],
    then: ["{fan}档", "{fan}", "调到{fan}档", "{fan}档吧", "{fan}档，谢谢", "开到{fan}档", "就{fan}档"],
    call: { fan: "{fan}" },
  },
  {
    tool: "set_climate",
    say: [
      "调一下{zone}的温度",
      "设置{zone}温度",
      "把{zone}的温度调一下",
      "改一下{zone}的温度",
      "帮我设一下{zone}的温度",
    ],
    reply: ["调到多少度？", "要多少度？", "设为几度？"],
    then: ["{degrees}度", "{degrees}", "调到{degrees}度", "{degrees}度吧", "就{degrees}度"],
    call: { temperature: "{degrees}", zone: "{zone}" },
  },
  {
    tool: "control_media",
    say: lines(`设置音量
      设定音量
      调音量
      调一下音量
      调节音量
      把音量调一下
      把音量改一下
      我想调音量
      我要调一下音量
      帮我调音量
      帮我调一下音量
      改一下音量
      请设置音量
      音量调一下
      能调一下音量吗`),
    reply: ["调到多少？", "音量要多少？", "音量设为多少？"],
    then: ["{volume}", "调到{volume}", "{volume}吧", "{volume}，谢谢", "就{volume}", "开到{volume}", "设成{volume}"],
    call: { action: "volume", level: "{volume}" },
  },
  {
    tool: "explain_warning",
    say: lines(`有个灯亮了
      有个灯一直亮
      仪表盘上有个灯亮了
      仪表盘有个灯在闪
      仪表上亮了个灯
      有个警告灯亮了
      有个故障灯亮了
      故障灯亮了
      警告灯亮了
      报警灯亮了
      车报警了
      车子报故障了
      有个报警
      出现了一个警告
      屏幕上有个警告
      有个红灯亮了
      有个黄灯亮了
      仪表盘亮灯了
      解释一下这个警告
      解释一下警告灯
      这个灯是什么意思
      这个警告是什么意思
      这个图标什么意思
      这个故障灯是什么意思
      帮我看看这个警告灯
      有个灯亮了怎么办
      警告灯亮了是怎么回事`),
    reply: ["是哪个灯？", "哪个警告灯？", "什么灯亮了？", "是什么警告？"],
    then: lines(`{warning}
      是{warning}
      {warning}亮了
      好像是{warning}
      {warning}吧
      那个{warning}
      就是{warning}
      我看是{warning}`),
    call: { warning: "{warning}" },
  },
];

const heldout = [
  {
    tool: "explain_warning",
    say: ["仪表那里亮了个什么灯", "车上有个灯在闪", "跳了个警告出来", "有个指示灯不灭"],
    reply: ["是哪个灯？", "哪个警告灯？"],
    then: ["{warning}", "应该是{warning}", "看着像{warning}"],
    call: { warning: "{warning}" },
  },
  {
    tool: "navigate",
    say: ["麻烦导个航", "给我带个路", "我想换个地方去", "请帮忙规划路线", "导航开一下"],
    reply: ["去哪里？", "您要去哪里？"],
    then: ["{destination}", "前往{destination}", "我想到{destination}"],
    call: { destination: "{destination}" },
  },
  {
    tool: "draft_message",
    say: [
      "想联系一下{recipient}，发个消息",
      "麻烦给{recipient}写个微信",
      "给{recipient}编条短信",
      "我得给{recipient}回条消息",
    ],
    reply: ["要说什么？", "想说什么？"],
    then: ["{text}", "你就写{text}", "跟他说{text}"],
    call: { recipient: "{recipient}", text: "{text}" },
  },
  {
    tool: "draft_message",
    say: ["编条短信：{text}", "替我发句话，{text}", "我想发条微信，内容：{text}"],
    reply: ["发给谁？", "给谁发？"],
    then: ["{recipient}", "是给{recipient}的", "发到{recipient}那儿"],
    call: { recipient: "{recipient}", text: "{text}" },
  },
  {
    tool: "search_web",
    say: ["给我上网搜搜", "有个东西想查查", "帮忙搜点东西", "开个搜索"],
    reply: ["搜什么？", "要查什么？"],
    then: ["{query}", "我要查的是{query}", "搜一搜{query}"],
    call: { query: "{query}" },
  },
  {
    tool: "translate_caption",
    say: ["麻烦上个字幕", "字幕给我开开", "给翻译翻译", "想要实时字幕"],
    reply: ["要哪种语言？", "翻译成什么语言？"],
    then: ["{language}", "给我{language}的", "{language}就行"],
    call: { language: "{language}" },
  },
  {
    tool: "set_climate",
    say: ["温度给我改改", "麻烦设个温度", "空调的温度我想换一下"],
    reply: ["调到多少度？", "要多少度？"],
    then: ["{degrees}度", "要{degrees}度", "改成{degrees}度"],
    call: { temperature: "{degrees}" },
  },
  {
    tool: "set_climate",
    say: ["风量给我改改", "麻烦设一下风速"],
    reply: ["调到几档？"],
    then: ["{fan}档", "要{fan}档", "改成{fan}档"],
    call: { fan: "{fan}" },
  },
  {
    tool: "control_media",
    say: ["音量给我改改", "麻烦设一下音量", "我想换个音量"],
    reply: ["调到多少？", "音量要多少？"],
    then: ["{volume}", "要{volume}", "改成{volume}"],
    call: { action: "volume", level: "{volume}" },
  },
];

export const asks = { train, heldout };
