// One line of JSON per event. Keys, passwords, tokens and credentials never reach it: whatever carries such a name is cut.
import pino from 'pino'

export type Log = pino.Logger

export function openLog(options: { level: string; name: string }): Log {
  return pino({
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
  })
}
