import { type RouteConfig, route } from '@react-router/dev/routes'

// Every part of the kit on two pages, one in each frame, for tests and for looking at.
export default [
  route('theme', 'pages/theme.ts'),
  route('shop', 'pages/shop.tsx'),
  route('desk', 'pages/desk.tsx'),
  route('plain', 'pages/plain.tsx'),
  route('away', 'pages/away.tsx'),
  route('paper', 'pages/paper.ts'),
  route('search.json', 'pages/search.ts'),
] satisfies RouteConfig
