declare module 'benz-amr-recorder/src/amrnb.js' {
  export default function codec(): void
}
