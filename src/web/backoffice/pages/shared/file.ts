// Files that come with a form.
import { invalid } from '#kernel/failure.ts'

/** The bytes of a chosen file; refuses when none was chosen. */
export async function fileOf(form: FormData, name: string): Promise<Uint8Array> {
  const file = form.get(name)
  if (!(file instanceof File) || file.size === 0)
    throw invalid({ pointer: `/${name}`, code: 'required', message: 'Choose a file first.' })
  return file.bytes()
}
