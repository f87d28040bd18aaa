/**
 * Taking back and doing again. States are texts (JSON); typing in one place within a second is one change. Pure: the
 * caller says what time it is.
 */
export class History {
  private past: string[] = []
  private ahead: string[] = []
  private touched = -Infinity
  private now: string

  constructor(
    start: string,
    private readonly most = 100,
    /** Changes that follow each other within so many ms are one. */
    private readonly rest = 900,
  ) {
    this.now = start
  }

  get canUndo() {
    return this.past.length > 0
  }
  get canRedo() {
    return this.ahead.length > 0
  }

  /** Remembers that the state is another now. */
  record(state: string, at: number) {
    if (state === this.now) return
    if (at - this.touched > this.rest) {
      this.past.push(this.now)
      if (this.past.length > this.most) this.past.shift()
    }
    this.now = state
    this.ahead = []
    this.touched = at
  }
  /** The next change is one of its own, however soon it comes. */
  seal() {
    this.touched = -Infinity
  }
  undo(): string | undefined {
    return this.turn(this.past, this.ahead)
  }
  redo(): string | undefined {
    return this.turn(this.ahead, this.past)
  }
  private turn(from: string[], to: string[]): string | undefined {
    const state = from.pop()
    if (state === undefined) return undefined
    to.push(this.now)
    this.now = state
    this.seal()
    return state
  }
}
