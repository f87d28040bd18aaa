// Sound between the browser's formats and AMR-NB, which is what WeChat carries voices in
// (WeChat docs: Receiving messages, voice Format=amr). 8 kHz, one channel.

export const rate = 8000
/** WeChat's limit for a voice message. */
export const longestMs = 60_000

type Answer = { command: 'encode' | 'decode'; amr: Uint8Array | Float32Array | null }

function work<T extends Uint8Array | Float32Array>(message: object, move: Transferable[]): Promise<T> {
  return new Promise((resolve, reject) => {
    const worker = new Worker(new URL('./amr.worker.ts', import.meta.url), { type: 'module' })
    const end = (fn: () => void) => {
      worker.terminate()
      fn()
    }
    worker.onmessage = (e: MessageEvent<Answer>) => end(() => (e.data.amr?.length ? resolve(e.data.amr as T) : reject(new Error('这段声音无法转换'))))
    worker.onerror = () => end(() => reject(new Error('这段声音无法转换')))
    worker.postMessage(message, move)
  })
}

/** Any sound the browser can read, as an AMR file; at most one minute of it. */
export async function toAMR(sound: Blob): Promise<Blob> {
  const bytes = await sound.arrayBuffer()
  if (isAMR(new Uint8Array(bytes))) return new Blob([bytes], { type: 'audio/amr' })
  const samples = await samplesOf(bytes)
  const amr = await work<Uint8Array<ArrayBuffer>>({ command: 'encode', samples, sampleRate: rate }, [samples.buffer])
  return new Blob([amr], { type: 'audio/amr' })
}

async function samplesOf(bytes: ArrayBuffer): Promise<Float32Array<ArrayBuffer>> {
  const reader = new OfflineAudioContext(1, rate, rate)
  const decoded = await reader.decodeAudioData(bytes)
  const length = Math.min(Math.ceil(decoded.duration * rate), (longestMs / 1000) * rate)
  const mixer = new OfflineAudioContext(1, Math.max(1, length), rate)
  const source = mixer.createBufferSource()
  source.buffer = decoded
  source.connect(mixer.destination)
  source.start()
  const mixed = await mixer.startRendering()
  return mixed.getChannelData(0).slice()
}

export const isAMR = (bytes: Uint8Array) => String.fromCharCode(...bytes.subarray(0, 6)) === '#!AMR\n'

/** Bytes of one AMR-NB frame of 20 ms by its type, the leading byte included (3GPP TS 26.101). */
const frameBytes = [13, 14, 16, 18, 20, 21, 27, 32, 6, 1, 1, 1, 1, 1, 1, 1]

/** How long an AMR file plays, ms; 0 when it is none. */
export function amrLength(bytes: Uint8Array): number {
  if (!isAMR(bytes)) return 0
  let frames = 0
  for (let at = 6; at < bytes.length; at += frameBytes[(bytes[at]! >> 3) & 15]!) frames++
  return frames * 20
}

export interface Playing {
  stop(): void
}

/** Plays a voice of either kind; `ended` is called once, also after stop. Rejects what cannot be played. */
export async function play(url: string, ended: () => void): Promise<Playing> {
  const answer = await fetch(url)
  if (!answer.ok) throw new Error('这段语音取不到了')
  const bytes = await answer.arrayBuffer()
  const out = new AudioContext()
  const finish = () => {
    if (out.state !== 'closed') void out.close()
    ended()
  }
  try {
    const source = out.createBufferSource()
    source.buffer = isAMR(new Uint8Array(bytes)) ? await fromAMR(out, bytes) : await out.decodeAudioData(bytes)
    source.connect(out.destination)
    source.onended = finish
    source.start()
    return { stop: () => source.stop() }
  } catch {
    finish()
    throw new Error('这段语音在这个浏览器里放不出来')
  }
}

async function fromAMR(out: AudioContext, bytes: ArrayBuffer): Promise<AudioBuffer> {
  const u8 = new Uint8Array(bytes.slice(0))
  const samples = await work<Float32Array<ArrayBuffer>>({ command: 'decode', buffer: u8 }, [u8.buffer])
  const buffer = out.createBuffer(1, samples.length, rate)
  buffer.copyToChannel(samples, 0)
  return buffer
}
