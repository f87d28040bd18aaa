import { ElMessage, ElMessageBox } from 'element-plus'
import { told } from '@/api/client'

/** Says that something was done. */
export function done(text: string) {
  ElMessage({ type: 'success', message: text, grouping: true, duration: 2500 })
}

/** Says why something was not done. */
export function failed(e: unknown) {
  ElMessage({ type: 'error', message: told(e), grouping: true, duration: 6000, showClose: true })
}

/** Asks before an effect; the button names it. Resolves false when the person thinks better of it. */
export async function ask(title: string, text: string, button: string, danger = false): Promise<boolean> {
  try {
    await ElMessageBox.confirm(text, title, {
      confirmButtonText: button,
      cancelButtonText: '先不',
      confirmButtonClass: danger ? 'el-button--danger' : '',
      closeOnClickModal: false,
      autofocus: !danger, // Enter out of habit must not destroy anything
      customClass: 'ask',
    })
    return true
  } catch {
    return false
  }
}
