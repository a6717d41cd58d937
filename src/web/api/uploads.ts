// Files as bodies: a route says which types it takes and how large, and is given the bytes. Everything else stays JSON.
import type { FastifyRequest } from 'fastify'
import { type TempFile, takeFile } from '#flows/api/take-file.ts'
import type { Api } from './fastify.ts'

export type Upload = {
  readonly types: readonly string[]
  readonly mostBytes: number
  readonly description: string
  readonly example?: string
}

declare module 'fastify' {
  interface FastifyContextConfig {
    /** The body is a file of one of these types. */
    upload?: Upload
  }
}

/** Adds routes whose bodies are files; they get a place of their own, where nothing but these types is read. */
export function withUploads(api: Api, upload: Upload, routes: (api: Api) => void): void {
  api.register(async (place) => {
    place.removeAllContentTypeParsers()
    const options = { parseAs: 'buffer', bodyLimit: upload.mostBytes } as const
    place.addContentTypeParser([...upload.types], options, (_request, bytes, done) => done(null, bytes))
    place.addHook('onRoute', (route) => {
      route.config = { ...route.config, upload }
    })
    routes(place as unknown as Api)
  })
}

/** No file at all is refused by what reads it: it is empty. */
export function bytesIn(body: unknown): Uint8Array {
  return body instanceof Uint8Array ? body : new Uint8Array()
}

/** A file that was written to disk while it came. */
export class UploadedFile {
  readonly #file: TempFile
  readonly #address: string
  constructor(file: TempFile, address: string) {
    this.#file = file
    this.#address = address
  }
  get path(): string {
    return this.#file.path
  }
  get bytes(): number {
    return this.#file.bytes
  }
  remove(): Promise<void> {
    return this.#file.remove()
  }
  /** What the request is recognised by when it is asked again: the content, and what the address says of it. */
  toJSON(): object {
    return { sha256: this.#file.sha256, address: this.#address }
  }
}

/** The same for files too large for memory. `mayUpload` throws before anything is read; the file is gone when the answer is sent. */
export function withLargeUploads(
  api: Api,
  upload: Upload & { readonly mayUpload: (request: FastifyRequest) => unknown },
  routes: (api: Api) => void,
): void {
  api.register(async (place) => {
    place.removeAllContentTypeParsers()
    place.addContentTypeParser(
      [...upload.types],
      { bodyLimit: upload.mostBytes },
      async (request: FastifyRequest, payload: AsyncIterable<Uint8Array>) =>
        new UploadedFile(await takeFile(payload, upload.mostBytes), request.url),
    )
    place.addHook('onRoute', (route) => {
      route.config = { ...route.config, upload }
    })
    place.addHook('onRequest', async (request) => {
      upload.mayUpload(request)
    })
    place.addHook('onResponse', async (request) => {
      await fileIn(request.body)?.remove()
    })
    routes(place as unknown as Api)
  })
}

export function fileIn(body: unknown): UploadedFile | undefined {
  return body instanceof UploadedFile ? body : undefined
}
