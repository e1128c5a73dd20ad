// Short passages with a fact each, questions about it and the span that answers them; values/reading.mjs fills them.

/** "passage | question / question | answer", one a line. */
const table = (text) =>
  text
    .split("\n")
    .map((line) => line.trim())
    .filter(Boolean)
    .map((line) => {
      const [passage, questions, answer] = line.split("|").map((part) => part.trim());
      return { passage, question: questions.split("/").map((question) => question.trim()), answer };
    });

export const passages = {
  train: table(`
    押金为{sum}，退房时全额退还。 | 押金多少？/押金是多少钱？/要交多少押金？ | {sum}
    本店营业时间为{hours}。 | 几点营业？/营业时间是什么时候？/什么时间开门？ | {hours}
    轮胎冷态标准胎压为{pressure}。 | 标准胎压是多少？/胎压应该多少？/轮胎打多少气？ | {pressure}
    本车每行驶{mileage}需更换一次机油。 | 多久换一次机油？/机油多少公里换？ | {mileage}
    空调滤芯建议每{mileage}更换。 | 空调滤芯多久换？/什么时候换空调滤芯？ | {mileage}
    动力电池质保期为{span}。 | 电池质保多久？/电池保修几年？ | {span}
    整车质保{span}或{mileage}。 | 整车质保几年？/整车保修期多长？ | {span}
    拖车钩位于{place_in}。 | 拖车钩在哪里？/拖车钩放在哪？ | {place_in}
    备胎放在{place_in}。 | 备胎在哪里？/备胎放哪儿了？ | {place_in}
    充电口在{place_in}。 | 充电口在哪？/从哪里充电？ | {place_in}
    儿童座椅接口位于{place_in}。 | 儿童座椅接口在哪？/儿童座椅装在哪里？ | {place_in}
    灭火器存放在{place_in}。 | 灭火器在哪里？/灭火器放在什么地方？ | {place_in}
    本车最大涉水深度为{length}。 | 能涉多深的水？/最大涉水深度多少？ | {length}
    后备箱容积为{volume_of}。 | 后备箱有多大？/后备箱容积多少？ | {volume_of}
    油箱容量{volume_of}。 | 油箱能装多少油？/油箱多大？ | {volume_of}
    快充从百分之二十到百分之八十需{duration}。 | 快充要多久？/充到八成要多长时间？ | {duration}
    慢充充满需要{duration}。 | 慢充要多久？/慢充多长时间充满？ | {duration}
    自动驻车按钮在{place_in}。 | 自动驻车按钮在哪？/自动驻车怎么按，在哪里？ | {place_in}
    玻璃水容量为{volume_of}。 | 玻璃水能加多少？/玻璃水容量多大？ | {volume_of}
    蓄电池型号为{code}。 | 蓄电池是什么型号？/电瓶型号是多少？ | {code}
    雨刮片型号{code}。 | 雨刮片用什么型号？/雨刮型号是什么？ | {code}
    保养预约电话{phone}。 | 保养打什么电话？/预约保养的电话是多少？ | {phone}
    道路救援请拨打{phone}。 | 救援电话是多少？/要救援打哪个号码？ | {phone}
    本品保质期{span}。 | 保质期多久？/能放多长时间？ | {span}
    净含量{weight}。 | 净含量是多少？/有多重？ | {weight}
    每份含糖{weight}。 | 一份有多少糖？/含糖多少？ | {weight}
    每一百毫升含热量{energy}。 | 热量是多少？/一百毫升有多少热量？ | {energy}
    生产日期{date}。 | 什么时候生产的？/生产日期是哪天？ | {date}
    请存放于{storage}。 | 怎么存放？/应该放在哪里保存？ | {storage}
    本品由{company}生产。 | 谁生产的？/生产厂家是哪家？ | {company}
    经销商为{company}。 | 经销商是谁？/哪家公司经销？ | {company}
    产地：{origin}。 | 产地是哪里？/在哪里生产的？ | {origin}
    面料成分：{fabric}。 | 面料是什么？/什么面料做的？ | {fabric}
    洗涤温度不超过{temperature_of}。 | 用多少度的水洗？/洗涤温度最高多少？ | {temperature_of}
    成人每次服用{dose}，每日三次。 | 成人一次吃多少？/每次服用多少？ | {dose}
    儿童每日用量为{dose}。 | 儿童一天用多少？/小孩每天的用量是多少？ | {dose}
    本药主要副作用为{symptom}。 | 有什么副作用？/主要副作用是什么？ | {symptom}
    {symptom}患者禁用本品。 | 哪些人不能用？/什么患者禁用？ | {symptom}患者
    此画由{artist_name}创作于{year_of}。 | 这幅画是谁画的？/作者是谁？ | {artist_name}
    雕像完成于{year_of}，作者{artist_name}。 | 雕像是哪年完成的？/雕像什么时候做好的？ | {year_of}
    这座塔建于{year_of}。 | 塔是哪年建的？/这座塔什么时候建成？ | {year_of}
    塔高{length}，共七层。 | 塔有多高？/高度是多少？ | {length}
    青铜鼎出土于{origin}。 | 青铜鼎是哪里出土的？/鼎在哪里出土？ | {origin}
    展厅开放至{clock_of}。 | 展厅几点关？/展厅开放到几点？ | {clock_of}
    讲解每天{clock_of}开始。 | 讲解几点开始？/什么时候有讲解？ | {clock_of}
    成人票{sum}，学生半价。 | 成人票多少钱？/大人门票多少？ | {sum}
    停车首小时{sum}。 | 第一个小时停车多少钱？/停车首小时收多少？ | {sum}
    开往{origin}的列车{clock_of}发车。 | 去{origin}的车几点开？/到{origin}的列车什么时候发车？ | {clock_of}
    {train_number}次列车停靠{platform}。 | {train_number}停几站台？/{train_number}次在哪个站台？ | {platform}
    末班车{clock_of}发出。 | 末班车几点？/最后一班车什么时候？ | {clock_of}
    首班车时间为{clock_of}。 | 首班车几点？/第一班车什么时候？ | {clock_of}
    航班{flight}在{gate}登机。 | {flight}在哪里登机？/{flight}是几号登机口？ | {gate}
    航班{flight}延误至{clock_of}。 | {flight}延误到几点？/{flight}什么时候起飞？ | {clock_of}
    行李限重{weight}。 | 行李最多多重？/行李限重多少？ | {weight}
    {dish_of}{sum}一份。 | {dish_of}多少钱？/{dish_of}一份多少？ | {sum}
    今日特价菜是{dish_of}。 | 今天的特价菜是什么？/什么菜特价？ | {dish_of}
    主厨推荐{dish_of}。 | 主厨推荐什么？/推荐哪道菜？ | {dish_of}
    {dish_of}含有{allergen_of}，过敏者慎用。 | {dish_of}里有什么过敏原？/{dish_of}含有什么？ | {allergen_of}
    {dish_of}需等待{duration}。 | {dish_of}要等多久？/{dish_of}多长时间能好？ | {duration}
    早餐在{floor}供应。 | 早餐在几楼？/在哪里吃早餐？ | {floor}
    健身房位于{floor}。 | 健身房在几楼？/健身房在哪里？ | {floor}
    会议在{floor}举行。 | 会议在几楼？/在哪里开会？ | {floor}
    无线网络密码为{code}。 | 无线密码是多少？/WiFi密码是什么？ | {code}
    房间号为{code}。 | 房间号是多少？/住哪个房间？ | {code}
    退房时间为{clock_of}。 | 几点退房？/退房时间是什么时候？ | {clock_of}
    合同有效期为{span}。 | 合同有效期多久？/合同签了多长时间？ | {span}
    月租金{sum}，按季支付。 | 月租金多少？/一个月房租多少钱？ | {sum}
    违约金为{sum}。 | 违约金多少？/违约要赔多少？ | {sum}
    甲方为{company}。 | 甲方是谁？/合同甲方是哪家公司？ | {company}
    乙方联系人{artist_name}。 | 乙方联系人是谁？/乙方找谁联系？ | {artist_name}
    解约须提前{duration_long}通知。 | 解约要提前多久通知？/提前多长时间说解约？ | {duration_long}
    借书期限{duration_long}，可续借一次。 | 书能借多久？/借书期限是多长？ | {duration_long}
    逾期每天罚款{sum}。 | 逾期一天罚多少？/超期每天交多少钱？ | {sum}
    游泳馆水深{length}。 | 泳池有多深？/游泳馆水深多少？ | {length}
    水温保持在{temperature_of}。 | 水温是多少？/水有多热？ | {temperature_of}
    报名截止日期为{date}。 | 什么时候截止报名？/报名到哪天为止？ | {date}
    比赛于{date}举行。 | 比赛哪天举行？/什么时候比赛？ | {date}
    联系人：{artist_name}，电话{phone}。 | 联系人是谁？/找谁联系？ | {artist_name}
    咨询请致电{phone}。 | 咨询电话是多少？/打什么电话咨询？ | {phone}
    本机功率{power}。 | 功率是多少？/机器功率多大？ | {power}
    额定电压{voltage}。 | 额定电压多少？/用多大的电压？ | {voltage}
    耳机续航{duration}。 | 耳机能用多久？/耳机续航多长时间？ | {duration}
    本书作者{artist_name}。 | 书的作者是谁？/这本书谁写的？ | {artist_name}
    出版社：{company}。 | 哪个出版社？/是谁出版的？ | {company}
    山顶海拔{length}。 | 山有多高？/山顶海拔多少？ | {length}
    缆车单程{sum}。 | 缆车多少钱？/缆车单程票价多少？ | {sum}
    步道全长{distance}。 | 步道有多长？/走完全程多远？ | {distance}
    下一个服务区还有{distance}。 | 到下一个服务区多远？/服务区还有多远？ | {distance}
    前方施工，限速{speed}。 | 施工路段限速多少？/前面限速多少？ | {speed}
    桥梁限高{length}。 | 桥限高多少？/多高的车能过桥？ | {length}
    停车场共有{spaces}个车位。 | 停车场有多少车位？/一共多少个车位？ | {spaces}个
    吉祥物名叫{nickname}。 | 吉祥物叫什么？/吉祥物的名字是什么？ | {nickname}
    船名为{nickname}号。 | 船叫什么名字？/这艘船叫什么？ | {nickname}号
    此茶名为{nickname}，产于{origin}。 | 这茶叫什么？/茶的名字是什么？ | {nickname}
    石碑上刻着{nickname}二字。 | 石碑上刻着什么？/碑上写的什么？ | {nickname}
    项目负责人是{artist_name}，预算{sum}。 | 谁负责这个项目？/项目负责人是谁？ | {artist_name}
    展品编号{code}，借自{company}。 | 展品编号是多少？/展品是几号？ | {code}
    保险丝盒在{place_in}，规格{code}。 | 保险丝盒在哪里？/保险丝盒在什么位置？ | {place_in}`),
  heldout: table(`
    体验课每节{sum}。 | 体验课多少钱一节？/上一节体验课要多少钱？ | {sum}
    年费{sum}，含停车。 | 年费是多少？/一年交多少钱？ | {sum}
    变速箱油每{mileage}更换。 | 变速箱油多少公里换？/变速箱油何时换？ | {mileage}
    三角警示牌放在{place_in}。 | 三角牌在哪？/警示牌放在哪里？ | {place_in}
    滤芯寿命{span}。 | 滤芯能用多长时间？/滤芯寿命多长？ | {span}
    这口钟铸于{year_of}。 | 钟是哪年铸的？/这口钟什么时候铸造的？ | {year_of}
    琴由{artist_name}捐赠。 | 琴是谁捐的？/谁捐赠了这把琴？ | {artist_name}
    渡轮{clock_of}离港。 | 渡轮几点开？/船什么时候离港？ | {clock_of}
    招牌点心为{dish_of}。 | 招牌点心是什么？/这家店的招牌是什么？ | {dish_of}
    泡茶水温以{temperature_of}为宜。 | 泡茶用多少度的水？/水温多少合适？ | {temperature_of}
    投诉请拨{phone}。 | 投诉打哪个电话？/投诉号码是什么？ | {phone}
    洞深{distance}。 | 洞有多深？/山洞多深？ | {distance}
    储物柜密码{code}。 | 储物柜密码是多少？/柜子的密码是什么？ | {code}
    承建单位{company}。 | 谁承建的？/承建单位是哪家？ | {company}
    领取物品请到{floor}。 | 去哪里领东西？/在几楼领取？ | {floor}
    这株古树名为{nickname}。 | 古树叫什么名字？/这棵树叫什么？ | {nickname}
    会员有效期至{date}。 | 会员到哪天到期？/会员有效到什么时候？ | {date}
    每瓶加水{volume_of}稀释。 | 一瓶加多少水？/稀释要加多少水？ | {volume_of}
    器材租期最长{duration_long}。 | 器材最多租多久？/租期最长多长？ | {duration_long}
    吊桥承重{weight}。 | 吊桥能承多重？/桥的承重是多少？ | {weight}`),
};
