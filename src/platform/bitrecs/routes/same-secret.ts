export * from '../../core/same-secret'
