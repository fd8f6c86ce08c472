import {Entity as Entity_, Column as Column_, PrimaryColumn as PrimaryColumn_, Index as Index_, IntColumn as IntColumn_, BytesColumn as BytesColumn_, StringColumn as StringColumn_, JSONColumn as JSONColumn_, DateTimeColumn as DateTimeColumn_} from "@subsquid/typeorm-store"

/**
 * A validator whose weights differ from the recommended ones. Projection `divergences` (engine log).
 */
@Index_(["netuid", "mechanism", "validator", "validFrom", "fromSeq"], {unique: false})
@Index_(["netuid", "validFrom", "fromSeq"], {unique: false})
@Entity_()
export class Divergence {
    constructor(props?: Partial<Divergence>) {
        Object.assign(this, props)
    }

    @PrimaryColumn_()
    id!: string

    @IntColumn_({nullable: false})
    netuid!: number

    @IntColumn_({nullable: false})
    subnetInstance!: number

    @IntColumn_({nullable: false})
    ordinal!: number

    @IntColumn_({nullable: false})
    mechanism!: number

    @IntColumn_({nullable: true})
    epoch!: number | undefined | null

    @BytesColumn_({nullable: false})
    validator!: Uint8Array

    @IntColumn_({nullable: true})
    validatorUid!: number | undefined | null

    /**
     * rate_limited | other_winner | other_shares | stale | burn | uid_reassigned | commit_expired | masked | none_set
     */
    @StringColumn_({nullable: false})
    cause!: string

    @StringColumn_({nullable: false})
    detail!: string

    /**
     * number of the decision in the engine log
     */
    @IntColumn_({nullable: false})
    decisionSeq!: number

    /**
     * number of the weights in the chain log; null: none was ever set
     */
    @IntColumn_({nullable: true})
    submittedSeq!: number | undefined | null

    @JSONColumn_({nullable: false})
    recommended!: unknown

    @JSONColumn_({nullable: false})
    submitted!: unknown

    @JSONColumn_({nullable: false})
    effective!: unknown

    @DateTimeColumn_({nullable: false})
    blockTime!: Date

    /**
     * agrees | superseded
     */
    @StringColumn_({nullable: true})
    endReason!: string | undefined | null

    @IntColumn_({nullable: false})
    validFrom!: number

    @IntColumn_({nullable: true})
    validTo!: number | undefined | null

    @IntColumn_({nullable: false})
    fromSeq!: number

    @IntColumn_({nullable: true})
    toSeq!: number | undefined | null
}
