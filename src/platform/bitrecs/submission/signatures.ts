export * from '../../core/signatures'
