import {Entity as Entity_, Column as Column_, PrimaryColumn as PrimaryColumn_, Index as Index_, IntColumn as IntColumn_, StringColumn as StringColumn_, FloatColumn as FloatColumn_, JSONColumn as JSONColumn_, DateTimeColumn as DateTimeColumn_} from "@subsquid/typeorm-store"

/**
 * A mechanism's answer at a block; it holds until the next one. Projection `decisions` (engine log).
 */
@Index_(["netuid", "mechanism", "validFrom", "fromSeq"], {unique: false})
@Index_(["netuid", "validFrom", "fromSeq"], {unique: false})
@Entity_()
export class Decision {
    constructor(props?: Partial<Decision>) {
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

    @StringColumn_({nullable: false})
    system!: string

    /**
     * null: on demand
     */
    @IntColumn_({nullable: true})
    epoch!: number | undefined | null

    @IntColumn_({nullable: true})
    epochEndsAt!: number | undefined | null

    @StringColumn_({nullable: false})
    policyId!: string

    @StringColumn_({nullable: false})
    outcome!: string

    @FloatColumn_({nullable: false})
    burn!: number

    @IntColumn_({nullable: false})
    burnUid!: number

    /**
     * [{hotkey (hex), uid, share}]
     */
    @JSONColumn_({nullable: false})
    shares!: unknown

    /**
     * [{uid, value}]
     */
    @JSONColumn_({nullable: false})
    u16!: unknown

    /**
     * [{uid, hotkey (hex or null)}]
     */
    @JSONColumn_({nullable: false})
    holders!: unknown

    @StringColumn_({nullable: false})
    viewDigest!: string

    @DateTimeColumn_({nullable: false})
    blockTime!: Date

    /**
     * superseded
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
