// Something named is played: the verb and its measure word (放一首, 来点) are not part of what is played.
import { lines } from "../compose.mjs";

export const play_media = {
  train: [
    {
      say: lines(`播放{media}
        放{media}
        我想听{media}
        我要听{media}
        想听{media}
        听{media}
        听一下{media}
        给我放{media}
        给我播放{media}
        帮我放{media}
        帮我播放{media}
        请播放{media}
        请放{media}
        麻烦放一下{media}
        放一下{media}
        播一下{media}
        播{media}
        我们听{media}
        咱们听{media}
        来听{media}
        换成{media}
        切换到{media}
        换个，放{media}
        别放这个了，放{media}
        不听这个，听{media}
        能放{media}吗
        可以播放{media}吗
        可以放{media}吗
        能不能放{media}
        有{media}吗，放来听听
        有没有{media}，我想听
        我今天想听{media}
        我现在想听{media}
        突然想听{media}
        好久没听{media}了，放一下
        给大家放{media}
        给孩子放{media}
        孩子想听{media}
        老婆想听{media}
        开始播放{media}
        接着放{media}
        循环播放{media}
        下一首放{media}
        搜歌，{media}
        音乐，{media}
        点播{media}
        打开{media}
        我好无聊，放{media}
        路上无聊，放{media}
        堵车了，放{media}
        困了，放{media}提神
        把{media}放起来
        把{media}打开
        把音乐换成{media}
        用音响放{media}
        车里放{media}
        我要点{media}
        播放歌曲{media}
        Play {media}
        play一下{media}
        我要点播{media}
        打开音乐，放{media}
        开音响，放{media}
        车载音响播放{media}
        来听听{media}
        重温一下{media}
        这会儿想听{media}
        下班路上想听{media}
        后排想听{media}
        宝宝要听{media}
        老妈要听{media}
        换换口味，听{media}
        单曲循环{media}
        随机播放{media}
        放一遍{media}
        播放一下{media}
        从头播放{media}
        给我把{media}放上
        把{media}放一下
        麻烦播放一下{media}`),
      call: { query: "{media}" },
    },
    {
      say: lines(`放一首{song}
        放首{song}
        来一首{song}
        来首{song}
        播放一首{song}
        播首{song}
        点一首{song}
        点首{song}
        听一首{song}
        我想听一首{song}
        我要听一首{song}
        我想听那首{song}
        放那首{song}
        播放那首{song}
        给我放一首{song}
        给我来一首{song}
        给我来首{song}
        给我点一首{song}
        帮我放一首{song}
        帮我放首{song}
        请放一首{song}
        请播放一首{song}
        麻烦放一首{song}
        唱一首{song}
        再来一首{song}
        再放一首{song}
        下一首来{song}
        换一首{song}
        换首{song}
        能放一首{song}吗
        可以放一首{song}吗
        能不能来首{song}
        心情好，来一首{song}
        有点困，来首{song}
        给后排放一首{song}
        播放单曲{song}
        播放歌曲{song}
        播放这首歌：{song}
        我要点一首{song}`),
      call: { query: "{song}" },
    },
    {
      say: lines(`来点{genre}
        来一点{genre}
        来些{genre}
        放点{genre}
        放些{genre}
        放一些{genre}
        播点{genre}
        播放一点{genre}
        播放一些{genre}
        听点{genre}
        听一点{genre}
        我想听点{genre}
        我想听些{genre}
        我要听点{genre}
        想听点{genre}
        给我来点{genre}
        给我放点{genre}
        帮我放点{genre}
        帮我放一些{genre}
        请放点{genre}
        换点{genre}
        换成点{genre}
        弄点{genre}
        整点{genre}
        搞点{genre}
        有点困，来点{genre}
        开车好累，来点{genre}
        睡不着，放点{genre}
        想放松，来点{genre}
        孩子睡了，放点{genre}
        气氛太闷了，来点{genre}
        今天心情不好，放点{genre}
        能来点{genre}吗
        可以放点{genre}吗
        能不能放点{genre}
        先来点{genre}
        随便放点{genre}`),
      call: { query: "{genre}" },
    },
    {
      say: lines(`收听{station}
        我想收听{station}
        我要收听{station}
        帮我收听{station}
        调到{station}
        调频到{station}
        把收音机调到{station}
        把电台调到{station}
        把广播调到{station}
        收音机调到{station}
        电台换成{station}
        换台，听{station}
        换到{station}
        打开收音机，听{station}
        打开收音机，调到{station}
        打开广播，{station}
        打开电台{station}
        听广播，{station}
        收音机放{station}
        转到{station}
        切到{station}
        帮我调到{station}
        请调到{station}
        能调到{station}吗
        播放电台{station}
        播放广播{station}`),
      call: { query: "{station}" },
    },
  ],
  heldout: [
    {
      say: lines(`给咱放{media}
        请为我播放{media}
        来放{media}
        我特别想听{media}
        帮忙播{media}
        把现在的换成{media}
        开车没劲，播放{media}
        麻烦播放{media}
        我女儿要听{media}
        放{media}给我听`),
      call: { query: "{media}" },
    },
    {
      say: lines(`来上一首{song}
        想听首{song}
        麻烦点首{song}
        给我们放一首{song}
        就放那首{song}`),
      call: { query: "{song}" },
    },
    {
      say: ["给大家来点{genre}", "我想来点{genre}", "换些{genre}", "心里烦，听点{genre}"],
      call: { query: "{genre}" },
    },
    {
      say: ["给我调到{station}", "收音机换到{station}", "想收听{station}"],
      call: { query: "{station}" },
    },
  ],
};
