/** What every new password needs, in words; the installation may ask for more length, and then says so. */
export const passwordHint = '一般至少 10 个字符，以本系统的设置为准；大写字母、小写字母、数字、符号至少有三种。'

const least = 8

/** How many kinds of characters a password has; Chinese ones count as a kind of their own. */
function kinds(password: string): number {
  return [/[a-z]/, /[A-Z]/, /\d/, /[^a-zA-Z0-9\u0080-\uffff]/, /[\u0080-\uffff]/].filter((k) => k.test(password)).length
}

/** What is still wrong with a new password, '' when it will do. The server's rules are the law; this saves a round. */
export function passwordFault(password: string, again: string, login = ''): string {
  if (!password) return ''
  const short = least - [...password].length
  if (short > 0) return `至少 ${least} 个字符，还差 ${short} 个`
  if (kinds(password) < 3) return '大写字母、小写字母、数字、符号至少要有三种'
  if (login && password.toLowerCase().includes(login.toLowerCase())) return '不能含有登录名'
  if (again && again !== password) return '两次输入的不一样'
  return ''
}
