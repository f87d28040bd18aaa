// The classic faces of the chat keyboard. WeChat sends them to an account as short codes such as
// /::) and people see a picture; here the picture is the system's own emoji, so nothing is copied.

export interface Face {
  name: string
  code: string
  emoji: string
}

const table = `微笑 /::) 🙂|撇嘴 /::~ 😕|色 /::B 😍|发呆 /::| 😶|得意 /:8-) 😎|流泪 /::< 😢|害羞 /::$ 😊|闭嘴 /::X 🤐|睡 /::Z 😴|大哭 /::'( 😭|尴尬 /::-| 😅|发怒 /::@ 😡|调皮 /::P 😜|呲牙 /::D 😁|惊讶 /::O 😮|难过 /::( 🙁|抓狂 /::Q 😫|吐 /::T 🤮|偷笑 /:,@P 🤭|愉快 /:,@-D 😄|困 /:|-) 🥱|惊恐 /::! 😨|憨笑 /::> 😆|疑问 /:? 🤔|嘘 /:,@x 🤫|晕 /:,@@ 😵|衰 /:,@! 😞|再见 /:bye 👋|擦汗 /:wipe 😓|鼓掌 /:handclap 👏|玫瑰 /:rose 🌹|凋谢 /:fade 🥀|爱心 /:heart 💗|心碎 /:break 💔|蛋糕 /:cake 🎂|强 /:strong 👍|弱 /:weak 👎|握手 /:share 🤝|胜利 /:v ✌️|抱拳 /:@) 🙏|拳头 /:@@ ✊|OK /:ok 👌`

export const faces: Face[] = table.split('|').reduce<string[]>((rows, piece) => {
  // A code may itself hold the row separator ("/::|"); a row is complete when it has three words.
  const open = rows.length > 0 && rows[rows.length - 1]!.split(' ').length < 3
  if (open) rows[rows.length - 1] += '|' + piece
  else rows.push(piece)
  return rows
}, []).map((row) => {
  const [name, code, emoji] = row.split(' ') as [string, string, string]
  return { name, code, emoji }
})

const byToken = new Map<string, Face>()
for (const f of faces) {
  byToken.set(f.code, f)
  byToken.set(`[${f.name}]`, f)
}

const escaped = [...byToken.keys()].sort((a, b) => b.length - a.length).map((t) => t.replace(/[.*+?^${}()|[\]\\]/g, '\\$&'))
const token = new RegExp(`(${escaped.join('|')})`)

/** Cuts text so that each face (code or [name]) is a piece of its own; empty pieces are dropped. */
export function splitFaces(text: string): string[] {
  return text.split(token).filter((s) => s !== '')
}

export function faceOf(piece: string): Face | undefined {
  return byToken.get(piece)
}

/** What goes over the wire: [微笑] typed or picked becomes its code, as WeChat sends it. */
export function toWire(text: string): string {
  return splitFaces(text)
    .map((p) => byToken.get(p)?.code ?? p)
    .join('')
}
