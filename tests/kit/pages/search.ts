const all = [
  'Adler Werkzeuge GmbH',
  'Adria Marine d.o.o.',
  'Bergmann & Söhne KG',
  'Cantina Verde S.r.l.',
].map((name, index) => ({
  id: String(index + 1),
  name,
  about: `${name.split(' ')[0]?.toLowerCase()}.example, C-10000${index + 1}`,
}))

export function loader({ url }: { url: URL }) {
  const q = (url.searchParams.get('q') ?? '').toLowerCase()
  return Response.json({ items: all.filter(({ name }) => name.toLowerCase().includes(q)) })
}
