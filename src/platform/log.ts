// One line of JSON per event. Keys, passwords, tokens and credentials never reach it: whatever carries such a name is cut.
import pino from 'pino'

export type Log = pino.Logger

export function openLog(options: { level: string; name: string }): Log {
  const settings: pino.LoggerOptions = {
    level: options.level,
    name: options.name,
    redact: {
      paths: [
        'password',
        'key',
        'token',
        'secret',
        'authorization',
        'cookie',
        '*.password',
        '*.key',
        '*.token',
        '*.secret',
        '*.authorization',
        '*.cookie',
        'req.headers.authorization',
        'req.headers.cookie',
      ],
      censor: '(cut)',
    },
  }
  return pino(settings, standardOutput())
}

// A log that cannot be written, as on a full disk, must end nobody's work: its lines are lost, beyond the newest megabyte.
function standardOutput(): pino.DestinationStream {
  const output = pino.destination({ dest: 1, sync: true, maxLength: 1_000_000 })
  output.on('error', () => {})
  return output
}
