// A message to someone: 说, 告诉他, a colon and 就说 stand before the text and are no part of it.
import { lines } from "../compose.mjs";

export const draft_message = {
  train: [
    {
      say: lines(`告诉{recipient}，{text}
        告诉{recipient}说{text}
        告诉一下{recipient}，{text}
        跟{recipient}说{text}
        跟{recipient}说，{text}
        跟{recipient}说一声，{text}
        跟{recipient}说一下{text}
        跟{recipient}讲{text}
        跟{recipient}讲一声{text}
        和{recipient}说{text}
        和{recipient}说一声，{text}
        同{recipient}讲{text}
        对{recipient}说{text}
        给{recipient}发消息说{text}
        给{recipient}发消息，{text}
        给{recipient}发消息：{text}
        给{recipient}发个消息说{text}
        给{recipient}发个消息，说{text}
        给{recipient}发条消息：{text}
        给{recipient}发条消息，就说{text}
        给{recipient}发短信说{text}
        给{recipient}发短信，{text}
        给{recipient}发短信：{text}
        给{recipient}发条短信，内容是{text}
        给{recipient}发个短信说{text}
        给{recipient}发微信说{text}
        给{recipient}发微信：{text}
        给{recipient}发个微信，{text}
        给{recipient}发条微信，说{text}
        给{recipient}发个信息说{text}
        给{recipient}发信息：{text}
        给{recipient}发简讯说{text}
        给{recipient}传个讯息说{text}
        给{recipient}留言说{text}
        给{recipient}留个言，{text}
        给{recipient}留言：{text}
        给{recipient}写条消息：{text}
        给{recipient}写个消息说{text}
        给{recipient}回消息说{text}
        给{recipient}回个消息，{text}
        给{recipient}回个微信说{text}
        帮我给{recipient}发消息说{text}
        帮我给{recipient}发个微信说{text}
        帮我给{recipient}发条短信：{text}
        帮我告诉{recipient}，{text}
        帮我跟{recipient}说{text}
        帮我跟{recipient}说一声{text}
        帮我回复{recipient}：{text}
        帮我回{recipient}，{text}
        请给{recipient}发消息说{text}
        替我告诉{recipient}，{text}
        替我跟{recipient}说{text}
        替我给{recipient}带个话，{text}
        回复{recipient}：{text}
        回复{recipient}说{text}
        回{recipient}说{text}
        回一下{recipient}，就说{text}
        发消息给{recipient}说{text}
        发消息给{recipient}，{text}
        发消息给{recipient}：{text}
        发个消息给{recipient}，说{text}
        发条消息给{recipient}：{text}
        发短信给{recipient}，{text}
        发短信给{recipient}说{text}
        发微信给{recipient}，{text}
        发微信给{recipient}说{text}
        发个微信给{recipient}：{text}
        发条微信给{recipient}，告诉他{text}
        发条微信给{recipient}，告诉她{text}
        发信息给{recipient}，内容：{text}
        微信{recipient}说{text}
        短信{recipient}：{text}
        消息给{recipient}：{text}
        给{recipient}发消息告诉他{text}
        给{recipient}发消息告诉她{text}
        给{recipient}发消息，告诉他们{text}
        联系{recipient}，告诉他{text}
        联系一下{recipient}，说{text}
        写给{recipient}：{text}
        写条微信给{recipient}，{text}
        拟一条消息给{recipient}：{text}
        起草一条短信给{recipient}，{text}
        我想跟{recipient}说{text}
        我要给{recipient}发消息，{text}
        我想给{recipient}发个微信，说{text}
        你跟{recipient}说{text}
        你告诉{recipient}，就说{text}
        麻烦告诉{recipient}，{text}
        麻烦跟{recipient}说一声{text}
        给{recipient}捎个话，{text}
        我手上没空，给{recipient}发消息说{text}
        对了，跟{recipient}说{text}
        给{recipient}打个字，说{text}
        发一条给{recipient}，写{text}
        Message给{recipient}：{text}
        whatsapp {recipient}：{text}
        在微信上跟{recipient}说{text}
        用微信给{recipient}发{text}
        在WhatsApp上告诉{recipient}，{text}
        帮我在微信上回{recipient}，{text}
        把“{text}”发给{recipient}
        发“{text}”给{recipient}
        给{recipient}发“{text}”
        给{recipient}发一句：{text}
        给{recipient}发句话，{text}
        给{recipient}去个消息，{text}
        给{recipient}带句话：{text}
        给{recipient}写一条：{text}
        和{recipient}讲{text}
        跟{recipient}打声招呼，就说{text}
        跟{recipient}解释一下，{text}
        等下给{recipient}发消息说{text}
        赶紧给{recipient}发消息，说{text}
        快告诉{recipient}，{text}`),
      call: { recipient: "{recipient}", text: "{text}" },
    },
    {
      say: lines(`帮我转告{recipient}，{statement}
        请转告{recipient}，{statement}
        转告{recipient}，{statement}
        通知{recipient}，{statement}
        通知一下{recipient}，{statement}
        给{recipient}报个信，{statement}
        让{recipient}知道，{statement}
        麻烦你转告{recipient}：{statement}
        麻烦通知一下{recipient}，{statement}`),
      call: { recipient: "{recipient}", text: "{statement}" },
    },
    {
      say: lines(`提醒一下{recipient}，{reminder}`),
      call: { recipient: "{recipient}", text: "{reminder}" },
    },
    {
      say: lines(`告诉{contact}{text}
        帮我告诉{contact}{text}
        请告诉{contact}{text}
        回复{contact}{text}
        我想告诉{contact}{text}
        来不及打电话了，告诉{contact}{text}
        差点忘了，告诉{contact}{text}`),
      call: { recipient: "{contact}", text: "{text}" },
    },
    {
      say: lines(`转告{contact}{statement}
        通知{contact}{statement}`),
      call: { recipient: "{contact}", text: "{statement}" },
    },
    {
      say: lines(`提醒{contact}{reminder}`),
      call: { recipient: "{contact}", text: "{reminder}" },
    },
    {
      say: lines(`问问{recipient}，{question}
        帮我问一下{recipient}，{question}
        发微信问{recipient}，{question}
        给{recipient}发微信问{question}
        给{recipient}发消息，问{question}`),
      call: { recipient: "{recipient}", text: "{question}" },
    },
    {
      say: lines(`问{contact}{question}
        问一下{contact}{question}
        问问{contact}{question}
        帮我问{contact}{question}
        替我问问{contact}{question}
        发消息问{contact}{question}
        发个消息问问{contact}{question}`),
      call: { recipient: "{contact}", text: "{question}" },
    },
  ],
  heldout: [
    {
      say: lines(`麻烦给{recipient}发一条消息，内容是{text}
        和{recipient}讲一下，{text}
        把这句话发给{recipient}：{text}
        这样回{recipient}：{text}
        给{recipient}的消息这么写：{text}
        写信息告诉{recipient}，{text}
        给{recipient}发过去：{text}
        我开着车呢，给{recipient}回一句{text}
        你替我回{recipient}，{text}
        传话给{recipient}，说{text}
        拜托跟{recipient}讲，{text}`),
      call: { recipient: "{recipient}", text: "{text}" },
    },
    {
      say: lines(`知会{recipient}一声，{statement}
        向{recipient}转达：{statement}
        跟{recipient}知会一声，就说{statement}`),
      call: { recipient: "{recipient}", text: "{statement}" },
    },
    {
      say: lines(`用微信告诉{contact}{text}`),
      call: { recipient: "{contact}", text: "{text}" },
    },
    {
      say: lines(`帮忙通知{contact}{statement}`),
      call: { recipient: "{contact}", text: "{statement}" },
    },
    {
      say: lines(`打听一下{recipient}，{question}
        替我问一声{recipient}，{question}`),
      call: { recipient: "{recipient}", text: "{question}" },
    },
    {
      say: lines(`微信上问问{contact}{question}`),
      call: { recipient: "{contact}", text: "{question}" },
    },
  ],
};
