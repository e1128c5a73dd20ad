// What a program's tools may return, and the sentence that reports it. `{error}` is reported the same way everywhere.

const failed = {
  result: { error: "{error}" },
  reply: ["没成功：{error}。", "不行：{error}。", "没办成：{error}。"],
};
const done = (reply) => ({ result: { ok: true }, reply });

export const results = {
  identify_product: [
    { result: { name: "{item}" }, reply: ["这是{item}。", "看起来是{item}。"] },
    { result: { price: "{price}" }, reply: ["价格是{price}。", "它卖{price}。"] },
    { result: { name: "{item}", price: "{price}" }, reply: ["{item}，{price}。", "这是{item}，卖{price}。"] },
    { result: { ingredients: "{contents_list}" }, reply: ["成分有{contents_list}。", "里面有{contents_list}。"] },
    { result: { allergens: "{allergen}" }, reply: ["含有过敏原：{allergen}。", "注意，里面有{allergen}。"] },
    { result: { allergens: "无" }, reply: ["没有标出过敏原。"] },
    {
      result: { rating: "{stars}", reviews: "{count}" },
      reply: ["评分{stars}，有{count}条评价。", "{count}条评价，平均{stars}分。"],
    },
    { result: { rating: "{stars}" }, reply: ["评分是{stars}。", "平均{stars}分。"] },
    { result: { origin: "{country}" }, reply: ["产地是{country}。", "它产自{country}。"] },
    { result: { name: "{item}", origin: "{country}" }, reply: ["{item}，产自{country}。"] },
    failed,
  ],
  navigate: [
    done(["好的，开始导航到{destination}。", "出发，去{destination}。"]),
    { result: { minutes: "{minutes}" }, reply: ["开始导航，大约{minutes}分钟。", "好的，{minutes}分钟能到。"] },
    {
      result: { km: "{kilometres}", minutes: "{minutes}" },
      reply: ["已出发，{kilometres}公里，大约{minutes}分钟。", "全程{kilometres}公里，{minutes}分钟。"],
    },
    { result: { minutes: "{minutes}", traffic: "拥堵" }, reply: ["路上拥堵，大约{minutes}分钟到。"] },
    { result: { started: true, km: "{kilometres}" }, reply: ["开始导航，全程{kilometres}公里。"] },
    failed,
  ],
  draft_message: [
    done(["给{recipient}的消息写好了。", "好的，给{recipient}的消息准备好了。"]),
    { result: { draft: true }, reply: ["草稿写好了，收件人是{recipient}。"] },
    { result: { sent: true }, reply: ["已经发给{recipient}了。", "消息发出去了。"] },
    { result: { saved: true }, reply: ["给{recipient}的草稿已保存。"] },
    failed,
  ],
  search_web: [
    { result: { answer: "{snippet}" }, reply: ["查到了：{snippet}。", "网上说，{snippet}。"] },
    { result: { results: ["{snippet}"] }, reply: ["查到了：{snippet}。"] },
    { result: { title: "{query}", snippet: "{snippet}" }, reply: ["查到了：{snippet}。", "网上说，{snippet}。"] },
    { result: { results: [] }, reply: ["没有查到相关内容。"] },
    { result: { count: "{count}" }, reply: ["找到{count}条结果。"] },
    done(["搜索结果已经显示。"]),
    failed,
  ],
  translate_caption: [
    done(["字幕打开了。", "好的，字幕已经显示。"]),
    { result: { captions: "on" }, reply: ["字幕打开了。"] },
    { result: { running: true }, reply: ["好的，正在实时翻译。"] },
    failed,
  ],
  set_climate: [
    done(["好的，空调调好了。", "已经调好了。"]),
    { result: { temperature: "{inside}" }, reply: ["好的，现在设为{inside}度。", "温度是{inside}度了。"] },
    { result: { inside: "{inside}" }, reply: ["调好了，车里现在{inside}度。"] },
    { result: { fan: "{blowing}" }, reply: ["风速现在是{blowing}档。"] },
    failed,
  ],
  set_window: [
    done(["好的，车窗调好了。", "车窗已经动了。"]),
    { result: { position: "{position}" }, reply: ["好的，现在开度是{position}%。", "车窗开度{position}%。"] },
    { result: { moving: true }, reply: ["好的，车窗正在动。"] },
    failed,
  ],
  set_seat: [
    done(["好的，座椅调好了。", "座椅已经调好。"]),
    { result: { level: "{level}" }, reply: ["好的，座椅现在是{level}档。", "座椅调到{level}档了。"] },
    failed,
  ],
  play_media: [
    done(["正在播放{query}。", "好的，播放{query}。"]),
    { result: { playing: "{song}" }, reply: ["正在播放{song}。", "好的，这是{song}。"] },
    { result: { playing: "{song}", minutes: "{minutes}" }, reply: ["正在播放{song}，{minutes}分钟。"] },
    failed,
  ],
  control_media: [
    done(["好的。", "好了。"]),
    { result: { playing: "{song}" }, reply: ["现在是{song}。", "正在播放{song}。"] },
    { result: { volume: "{left}" }, reply: ["好的，音量是{left}。", "音量现在{left}。"] },
    { result: { paused: true }, reply: ["已暂停。"] },
    failed,
  ],
  find_charging: [
    {
      result: { name: "{station_name}", km: "{kilometres}" },
      reply: ["最近的是{station_name}，{kilometres}公里。", "找到{station_name}，离这里{kilometres}公里。"],
    },
    {
      result: { name: "{station_name}", free: "{count}" },
      reply: ["{station_name}有{count}个空位。", "找到{station_name}，空着{count}个桩。"],
    },
    { result: { stations: ["{station_name}"] }, reply: ["找到一个：{station_name}。"] },
    { result: { found: "{count}" }, reply: ["找到{count}个充电站。"] },
    { result: { stations: [] }, reply: ["没有找到充电站。"] },
    failed,
  ],
  get_range: [
    {
      result: { percent: "{left}", km: "{kilometres}" },
      reply: ["还有{left}%的电，能跑{kilometres}公里。", "电量{left}%，续航{kilometres}公里。"],
    },
    { result: { percent: "{left}" }, reply: ["电量还剩{left}%。", "还有{left}%的电。"] },
    { result: { km: "{kilometres}" }, reply: ["还能跑{kilometres}公里。", "续航还有{kilometres}公里。"] },
    { result: { reachable: true, left: "{left}" }, reply: ["能到，到了还剩{left}%的电。", "够，到那里还有{left}%。"] },
    { result: { reachable: false }, reply: ["到不了，路上需要充电。", "电不够，中途要充电。"] },
    { result: { enough: true }, reply: ["够，电量没问题。"] },
    { result: { enough: false, missing_km: "{kilometres}" }, reply: ["不够，还差{kilometres}公里。"] },
    failed,
  ],
  explain_warning: [
    { result: { meaning: "{advice}" }, reply: ["{advice}。"] },
    { result: { advice: "{advice}" }, reply: ["{advice}。"] },
    { result: { severity: "高", advice: "{advice}" }, reply: ["比较严重：{advice}。"] },
    { result: { severity: "低", advice: "{advice}" }, reply: ["不严重：{advice}。"] },
    failed,
  ],
};
