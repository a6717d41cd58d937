// Whether a port is free; and files that readers find whole.
import fs from 'node:fs'
import net from 'node:net'
import { setTimeout as delay } from 'node:timers/promises'
import { Refusal } from '#kernel/failure.ts'

/** The port itself, or a free one for 0. A port in use is given two seconds: its holder may be going down. */
export async function freePort(host: string, port: number, name: string, variable: string): Promise<number> {
  for (let patience = 20; ; patience -= 1) {
    try {
      return await probe(host, port)
    } catch (error) {
      const { code } = error as NodeJS.ErrnoException
      if (code === 'EADDRINUSE' && patience > 0) await delay(100)
      else throw refusal(code, host, port, name, variable)
    }
  }
}

function refusal(
  code: string | undefined,
  host: string,
  port: number,
  name: string,
  variable: string,
): Refusal {
  if (code === 'EADDRINUSE')
    return new Refusal(
      'start/port',
      `Port ${port} on ${host}, where the ${name} should listen, is in use by another program: stop it, or choose another ${variable}.`,
    )
  if (code === 'EACCES')
    return new Refusal(
      'start/port',
      `This user may not listen on port ${port}: choose a ${variable} above 1023.`,
    )
  return new Refusal(
    'start/port',
    `The ${name} cannot listen on ${host}, port ${port} (${code}): correct HOST or ${variable}.`,
  )
}

function probe(host: string, port: number): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = net.createServer()
    server.once('error', reject)
    server.listen({ host, port, exclusive: true }, () => {
      const found = (server.address() as net.AddressInfo).port
      server.close(() => resolve(found))
    })
  })
}

/** Readers find the old file or the new one, never half of one. */
export function writeAtomically(file: string, content: unknown): void {
  const draft = `${file}.${process.pid}`
  fs.writeFileSync(draft, `${JSON.stringify(content, undefined, 2)}\n`, { mode: 0o600 })
  fs.renameSync(draft, file)
}
