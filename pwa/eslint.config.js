import vue from 'eslint-plugin-vue'
import typescript from 'typescript-eslint'
import { direction, words } from './build/direction.js'

export default typescript.config(
  { ignores: ['dist', 'src/api/schema.d.ts'] },
  ...typescript.configs.strict,
  ...vue.configs['flat/essential'],
  {
    files: ['**/*.vue'],
    languageOptions: { parserOptions: { parser: typescript.parser } },
  },
  {
    rules: {
      '@typescript-eslint/no-non-null-assertion': 'off',
      '@typescript-eslint/no-unused-vars': ['error', { argsIgnorePattern: '^_', varsIgnorePattern: '^_' }],
      eqeqeq: 'error',
      'no-console': 'error',
      'vue/multi-word-component-names': 'off',
      'vue/no-bare-strings-in-template': 'error',
      'vue/no-v-html': 'error',
    },
  },
  {
    files: ['src/**', 'worker/**'],
    plugins: { house: { rules: { direction, words } } },
    rules: { 'house/direction': 'error', 'house/words': 'error' },
  },
  { files: ['src/words/**'], rules: { 'house/words': 'off' } },
  { files: ['build/**', 'tests/**'], rules: { 'no-console': 'off' } },
)
