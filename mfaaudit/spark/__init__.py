"""The same rules over the users of one bundle or many, counted by Apache Spark; pyspark is imported only when asked."""
