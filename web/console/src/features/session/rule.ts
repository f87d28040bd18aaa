/** What is still wrong with a new password, '' when it will do. The server's rules are the law; this saves a round. */
export function passwordFault(password: string, again: string, login = ''): string {
  if (!password) return ''
  if (password.length < 10) return `至少 10 个字符，还差 ${10 - password.length} 个`
  if (/^(.)\1+$/.test(password) || /^\d+$/.test(password)) return '不能全是数字，也不能是同一个字符'
  if (login && password.toLowerCase().includes(login.toLowerCase())) return '不能含有登录名'
  if (again && again !== password) return '两次输入的不一样'
  return ''
}
