// Passwords: argon2id with the parameters OWASP recommends (19 MiB, 2 passes), in the usual PHC form.
import { argon2, randomBytes, timingSafeEqual } from 'node:crypto'
import { promisify } from 'node:util'

const derive = promisify(argon2)
const shape = { parallelism: 1, tagLength: 32, memory: 19_456, passes: 2 }

const unpadded = (bytes: Uint8Array) => Buffer.from(bytes).toString('base64').replace(/=+$/, '')

export async function hashPassword(password: string): Promise<string> {
  const nonce = randomBytes(16)
  const tag = await derive('argon2id', { ...shape, message: password, nonce })
  return `$argon2id$v=19$m=${shape.memory},t=${shape.passes},p=${shape.parallelism}$${unpadded(nonce)}$${unpadded(tag)}`
}

const phc = /^\$argon2id\$v=19\$m=(\d+),t=(\d+),p=(\d+)\$([^$]+)\$([^$]+)$/

/** With no hash (an unknown or invited user) it takes as long as with one, and says no. */
export async function passwordMatches(password: string, hash: string | null | undefined): Promise<boolean> {
  const parts = phc.exec(hash ?? '')
  if (!parts) {
    await derive('argon2id', { ...shape, message: password, nonce: Buffer.alloc(16) })
    return false
  }
  const [, memory, passes, parallelism, nonce = '', tag = ''] = parts
  const expected = Buffer.from(tag, 'base64')
  const actual = await derive('argon2id', {
    message: password,
    nonce: Buffer.from(nonce, 'base64'),
    memory: Number(memory),
    passes: Number(passes),
    parallelism: Number(parallelism),
    tagLength: expected.length,
  })
  return timingSafeEqual(actual, expected)
}
