import {Entity as Entity_, Column as Column_, PrimaryColumn as PrimaryColumn_, Index as Index_, IntColumn as IntColumn_, StringColumn as StringColumn_, JSONColumn as JSONColumn_, BigIntColumn as BigIntColumn_} from "@subsquid/typeorm-store"

/**
 * A mechanism's constants and choices as they were recorded. Projection `policies` (platform log).
 */
@Index_(["netuid", "validFrom", "fromSeq"], {unique: false})
@Entity_()
export class Policy {
    constructor(props?: Partial<Policy>) {
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

    @StringColumn_({nullable: false})
    system!: string

    @StringColumn_({nullable: false})
    policyId!: string

    /**
     * height from which it holds
     */
    @IntColumn_({nullable: false})
    effectiveFromBlock!: number

    @JSONColumn_({nullable: false})
    policy!: unknown

    /**
     * default | operator
     */
    @StringColumn_({nullable: false})
    origin!: string

    /**
     * ms since the Unix epoch, by the platform's clock
     */
    @BigIntColumn_({nullable: false})
    recordedAt!: bigint

    @IntColumn_({nullable: false})
    validFrom!: number

    @IntColumn_({nullable: true})
    validTo!: number | undefined | null

    @IntColumn_({nullable: false})
    fromSeq!: number

    @IntColumn_({nullable: true})
    toSeq!: number | undefined | null
}
