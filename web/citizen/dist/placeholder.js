// Stands in until `npm run build` has made the real script; pages work without it.
