/** What a person calls their device: "Windows 上的 Edge". */
export function agentText(agent: string): string {
  const system = /Windows/.test(agent) ? 'Windows' : /Android/.test(agent) ? '安卓手机' : /iPhone|iPad/.test(agent) ? '苹果手机' : /Mac OS/.test(agent) ? '苹果电脑' : /Linux/.test(agent) ? 'Linux' : ''
  const browser = /MicroMessenger/.test(agent) ? '微信' : /Edg\//.test(agent) ? 'Edge' : /Firefox\//.test(agent) ? 'Firefox' : /Chrome\//.test(agent) ? 'Chrome' : /Safari\//.test(agent) ? 'Safari' : ''
  if (system && browser) return `${system} 上的 ${browser}`
  return system || browser || agent || '不明设备'
}
