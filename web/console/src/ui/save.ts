import { ref } from 'vue'
import { faultOf, told } from '@/api/client'

/**
 * One saving action of a form: busy while it runs, never twice at once, its problem kept for the form to show. What was
 * typed is never touched here.
 */
export function useSave() {
  const saving = ref(false)
  const problem = ref<unknown>(null)

  /** Resolves with what fn gave, or undefined when it failed. */
  async function save<T>(fn: () => Promise<T>): Promise<{ value: T } | undefined> {
    if (saving.value) return undefined
    saving.value = true
    problem.value = null
    try {
      return { value: await fn() }
    } catch (e) {
      problem.value = e
      return undefined
    } finally {
      saving.value = false
    }
  }
  const fault = (field: string) => faultOf(problem.value, field)
  const text = () => (problem.value ? told(problem.value) : '')
  return { saving, problem, save, fault, text }
}
