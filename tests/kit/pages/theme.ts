export { chooseTheme as action } from '#web/frame.ts'
