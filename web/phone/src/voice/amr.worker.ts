// AMR-NB in a worker of its own: the codec (opencore-amr compiled to JavaScript, 400 kB) is loaded
// only when somebody records or plays a voice message.
import codec from 'benz-amr-recorder/src/amrnb.js'

// The package's function answers {command:'encode', samples, sampleRate} and {command:'decode', buffer}.
codec()
