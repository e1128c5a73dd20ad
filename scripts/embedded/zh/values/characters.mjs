// The 3,755 characters of the first level of GB 2312 (1980), decoded from their code points (rows 16 to 55), without
// particles, words that end or begin a request, and characters nobody names a shop with. Names invented from them
// teach the model to copy a character that it has hardly seen.

const unfit = new Set(
  "的了着过吗呢吧啊呀哦嘛呗么和与或是在到去请把给不没也就都还很叫说问找放来听导航开关搜查发送带往从回帮我你他她它们这那哪个一下点号死尸屎尿奸娼妓嫖淫屁粪贱毒杀骂丧鬼贼奴癌瘤痔肛杂狗猪操日有自要想能会让被对已将并而且只再还又最很太更可以为于则若如其之所得地各每",
);

function firstLevel() {
  const decoder = new TextDecoder("gb18030");
  const characters = [];
  for (let row = 0xb0; row <= 0xd7; row++) {
    for (let cell = 0xa1; cell <= (row === 0xd7 ? 0xf9 : 0xfe); cell++) {
      characters.push(decoder.decode(Uint8Array.of(row, cell)));
    }
  }
  return characters.filter((character) => !unfit.has(character));
}

export const characters = firstLevel();
